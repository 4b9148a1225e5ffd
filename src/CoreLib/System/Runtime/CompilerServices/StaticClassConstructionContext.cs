using System.Runtime.InteropServices;

namespace System.Runtime.CompilerServices;

/// <summary>
/// Precedes the statics of a type whose static constructor runs on first use: zero once it has.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct StaticClassConstructionContext
{
    internal nint cctorMethodAddress;
}
