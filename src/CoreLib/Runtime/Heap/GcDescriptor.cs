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

    /// <summary>Shows each reference of an object as (object, reference). For checks: marking has its own
    /// way.</summary>
    internal static void ForEachReference(nint address, delegate*<nint, nint, void> visit)
    {
        nint* descriptor = Of(address);
        nint count = *descriptor;
        byte* end = (byte*)address + HeapLayout.SizeBytesOf(address);
        for (; count > 0; count--, descriptor -= 2)
        {
            nint* last = (nint*)(end + descriptor[-2] + descriptor[-1]);
            for (nint* slot = (nint*)(address + descriptor[-1]); slot < last; slot++)
            {
                visit(address, *slot);
            }
        }

        nint runCount = -*Of(address);
        byte* element = (byte*)(address + descriptor[-1]);
        while (runCount > 0 && element < end - HeapLayout.HeaderBytes)
        {
            ElementRun* run = (ElementRun*)(descriptor - 2);
            for (nint i = 0; i < runCount; i++, run--)
            {
                for (uint j = 0; j < run->ReferenceCount; j++, element += sizeof(nint))
                {
                    visit(address, *(nint*)element);
                }

                element += run->SkipBytes;
            }
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct ElementRun
    {
        internal readonly uint ReferenceCount;

        /// <summary>Bytes without references that follow.</summary>
        internal readonly uint SkipBytes;
    }
}
