using System;
using System.Runtime;
using Internal.Runtime;

namespace Cashew.Runtime;

/// <summary>Where <c>new</c> arrives.</summary>
internal static unsafe class Allocator
{
    private static nint s_next;
    private static nint s_end;

    [RuntimeExport("RhpNewFast")]
    internal static object NewObject(MethodTable* type)
    {
        nint address = Take(type->BaseSizeBytes);
        *(MethodTable**)address = type;
        return *(object*)&address;
    }

    [RuntimeExport("RhNewObject")]
    internal static object NewObjectSlow(MethodTable* type) => NewObject(type);

    [RuntimeExport("RhpNewArrayFast")]
    internal static object NewArray(MethodTable* type, nint length)
    {
        if ((nuint)length > int.MaxValue)
        {
            throw new OverflowException();
        }

        nuint sizeBytes = type->BaseSizeBytes + (nuint)length * type->ComponentSizeBytes;
        nint address = Take((sizeBytes + 7) & ~(nuint)7);
        *(MethodTable**)address = type;
        *(int*)(address + sizeof(nint)) = (int)length;
        return *(object*)&address;
    }

    [RuntimeExport("RhpNewPtrArrayFast")]
    internal static object NewPointerArray(MethodTable* type, nint length) => NewArray(type, length);

    [RuntimeExport("RhNewArray")]
    internal static object NewArraySlow(MethodTable* type, nint length) => NewArray(type, length);

    private static nint Take(nuint sizeBytes)
    {
        if ((nuint)(s_end - s_next) < sizeBytes)
        {
            const int Order = 8;
            s_next = RuntimeHooks.AllocateFrames(Order);
            s_end = s_next + (4096 << Order);
            SpanHelpers.ClearWithoutReferences(ref *(byte*)s_next, 4096 << Order);
        }

        nint address = s_next + sizeof(nint);
        s_next += (nint)sizeBytes;
        return address;
    }
}
