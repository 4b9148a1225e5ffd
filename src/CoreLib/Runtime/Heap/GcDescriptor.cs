using Internal.Runtime;

namespace Cashew.Runtime;

/// <summary>
/// Where an object's references are, in the form in which the compiler writes it before each method table, read
/// backwards: a count, then for each run of references its start and its length. The length is given less the object's
/// size, so that one entry serves arrays of every length. A negative count is that of the runs in one element of an
/// array of structs: the start of the elements, then pairs of 32 bits, references and bytes to skip after them.
/// </summary>
/// <source>dotnet/runtime 10.0: gcdesc.h, and Compiler/GCDescEncoder.cs of the ahead-of-time compiler.</source>
internal static unsafe class GcDescriptor
{
    /// <summary>Shows each place in an object where a reference is.</summary>
    internal static void Visit(nint address, MarkQueue* queue)
    {
        nint* descriptor = *(nint**)address - 1;
        nint count = *descriptor;
        if (count < 0)
        {
            VisitElements(address, descriptor, -count, queue);
            return;
        }

        nuint sizeBytes = HeapLayout.SizeBytesOf(address);
        for (; count > 0; count--)
        {
            nint offset = descriptor[-1];
            nint lengthBytes = descriptor[-2] + (nint)sizeBytes;
            descriptor -= 2;
            nint* slot = (nint*)(address + offset);
            nint* end = (nint*)(address + offset + lengthBytes);
            for (; slot < end; slot++)
            {
                queue->Mark(*slot);
            }
        }
    }

    private static void VisitElements(nint address, nint* descriptor, nint runCount, MarkQueue* queue)
    {
        nint* slot = (nint*)(address + descriptor[-1]);
        nint* end = (nint*)(address + (nint)HeapLayout.SizeBytesOf(address) - HeapLayout.HeaderBytes);
        uint* runs = (uint*)(descriptor - 2);
        while (slot < end)
        {
            for (nint i = 0; i < runCount; i++)
            {
                uint references = runs[-2 * i];
                uint skipBytes = runs[-2 * i + 1];
                for (; references > 0; references--)
                {
                    queue->Mark(*slot);
                    slot++;
                }

                slot = (nint*)((byte*)slot + skipBytes);
            }
        }
    }
}
