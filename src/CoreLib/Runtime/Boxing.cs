using System;
using System.Runtime;
using System.Runtime.CompilerServices;
using Internal.Runtime;

namespace Cashew.Runtime;

/// <summary>Values to objects and back.</summary>
/// <source>ECMA-335 III.4.1 box, III.4.32 unbox.</source>
internal static unsafe class Boxing
{
    [RuntimeExport("RhBox")]
    internal static object? Box(MethodTable* type, ref byte data)
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
    internal static ref byte Unbox(MethodTable* type, object? box)
    {
        if (box is null)
        {
            throw new NullReferenceException();
        }

        // An enum unboxes as its underlying type and the reverse.
        MethodTable* actual = box.TypeOf;
        if (actual != type && !(actual->IsPrimitive && actual->ElementType == type->ElementType))
        {
            throw new InvalidCastException();
        }

        return ref Unsafe.As<RawData>(box).Data;
    }

    [RuntimeExport("RhUnboxNullable")]
    internal static void UnboxNullable(ref byte data, MethodTable* type, object? box)
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
        Copy(ref value, ref Unbox(valueType, box), valueType);
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
