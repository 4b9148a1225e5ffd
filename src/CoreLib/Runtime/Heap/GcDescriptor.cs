using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Cashew.Runtime;

/// <summary>
/// Where an object's references are, in the form in which the compiler writes it before each method table,
/// read backwards: a count, then for each run of references its start and its length. The length is given
/// less the object's size, so that one entry serves arrays of every length. A negative count is that of the
/// runs in one element of an array of structs: then come the start of the elements and the runs.
/// </summary>
/// <source>dotnet/runtime 10.0: gcdesc.h, and Compiler/GCDescEncoder.cs of the ahead-of-time
/// compiler.</source>
internal static unsafe class GcDescriptor
{
    /// <summary>The word with the count.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static nint* Of(nint address) => *(nint**)address - 1;

    [StructLayout(LayoutKind.Sequential)]
    internal struct ElementRun
    {
        internal readonly uint ReferenceCount;

        /// <summary>Bytes without references that follow.</summary>
        internal readonly uint SkipBytes;
    }
}
