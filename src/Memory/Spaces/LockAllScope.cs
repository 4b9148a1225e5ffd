using System;

namespace Cashew.Memory;

/// <summary>MCL_CURRENT and MCL_FUTURE.</summary>
[Flags]
public enum LockAllScope
{
    None = 0,
    Current = 1,
    Future = 2,
}
