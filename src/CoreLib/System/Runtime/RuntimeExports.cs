using Cashew.Runtime;
using Internal.Runtime;
using System.Runtime.CompilerServices;

namespace System.Runtime;

/// <summary>Values to objects and back, and allocation by type. Class and names are the compiler's.</summary>
/// <source>ECMA-335 III.4.1 box, III.4.32 unbox.</source>
internal static unsafe class RuntimeExports
{
    internal static object RhNewObject(MethodTable* type) => Allocator.NewObject(type);

    internal static object RhNewArray(MethodTable* type, int length) => Allocator.NewArray(type, length);

    [RuntimeExport("RhBox")]
    internal static object? RhBox(MethodTable* type, ref byte data)
    {
        ref byte value = ref data;
        if (type->IsNullable)
        {
            if (data == 0)
            {
                return null;
            }

            value = ref Unsafe.Add(ref data, (nint)type->NullableValueOffsetBytes);
            type = type->NullableType;
        }

        object box = Allocator.NewObject(type);
        Copy(ref Unsafe.As<RawData>(box).Data, ref value, type);
        return box;
    }

    [RuntimeExport("RhUnbox2")]
    internal static ref byte RhUnbox2(MethodTable* type, object? box)
    {
        if (box is null)
        {
            throw new NullReferenceException();
        }

        RhUnboxTypeTest(type, box.TypeOf);
        return ref Unsafe.As<RawData>(box).Data;
    }

    [RuntimeExport("RhUnboxNullable")]
    internal static void RhUnboxNullable(ref byte data, MethodTable* type, object? box)
    {
        ref byte value = ref Unsafe.Add(ref data, (nint)type->NullableValueOffsetBytes);
        MethodTable* valueType = type->NullableType;
        if (box is null)
        {
            data = 0;
            SpanHelpers.ClearWithoutReferences(ref value, valueType->ValueSizeBytes);
            return;
        }

        data = 1;
        Copy(ref value, ref RhUnbox2(valueType, box), valueType);
    }

    // An enum unboxes as its underlying type and the reverse.
    internal static void RhUnboxTypeTest(MethodTable* type, MethodTable* boxType)
    {
        if (boxType != type && !(boxType->IsPrimitive && boxType->ElementType == type->ElementType))
        {
            throw new InvalidCastException();
        }
    }

    private static void Copy(ref byte destination, ref byte source, MethodTable* type)
    {
        if (type->HasPointers)
        {
            Buffer.BulkMoveWithWriteBarrier(ref destination, ref source, type->ValueSizeBytes);
        }
        else
        {
            SpanHelpers.Memmove(ref destination, ref source, type->ValueSizeBytes);
        }
    }
}
