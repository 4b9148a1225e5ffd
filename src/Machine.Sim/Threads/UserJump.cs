using System;

namespace Cashew.Machine.Simulated;

/// <summary>The kernel sent the program elsewhere: what the test's code was doing for it is
/// abandoned.</summary>
internal sealed class UserJump : Exception
{
}
