namespace System.Runtime.CompilerServices;

/// <summary>
/// Has the static constructor run at boot, not on first use: for statics that interrupt handlers or code
/// under spin locks may be the first to use. It also spares each use the question whether the constructor has
/// run.
/// </summary>
/// <remarks>It runs before there are devices, a clock and threads: it may allocate, and nothing
/// else.</remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct)]
public sealed class EagerStaticClassConstructionAttribute : Attribute
{
}
