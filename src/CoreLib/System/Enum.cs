using System.Runtime.CompilerServices;

namespace System;

/// <summary>Boxed enums only come here; see EnumEqualityComparer for the others.</summary>
public abstract unsafe class Enum : ValueType
{
    // The compiler turns calls on two values of one type into a test of bits.
    [Intrinsic]
    public bool HasFlag(Enum flag)
    {
        if (TypeOf != flag.TypeOf)
        {
            ThrowHelper.Argument("flags of different types");
        }

        ulong bits = flag.Bits;
        return (Bits & bits) == bits;
    }

    public override bool Equals(object? other) =>
        other is not null && TypeOf == other.TypeOf && Bits == Unsafe.As<Enum>(other).Bits;

    public override int GetHashCode() => Bits.GetHashCode();

    private ulong Bits
    {
        get
        {
            ref byte data = ref Unsafe.As<RawData>(this).Data;
            return TypeOf->ValueSizeBytes switch
            {
                1 => data,
                2 => Unsafe.As<byte, ushort>(ref data),
                4 => Unsafe.As<byte, uint>(ref data),
                _ => Unsafe.As<byte, ulong>(ref data),
            };
        }
    }
}
