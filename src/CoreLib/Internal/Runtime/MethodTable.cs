using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Internal.Runtime;

/// <summary>
/// The compiler's description of a type, as .NET 10's ahead-of-time compiler lays it out: this fixed part,
/// then the virtual method table, the interface map, and optional 32-bit relative pointers in the order of
/// <see cref="Field"/>. The collector's description of the pointers in an instance lies just before it (see
/// Cashew's GcDescriptor).
/// </summary>
/// <source>dotnet/runtime 10.0, NativeAOT: MethodTable.cs, EETypeBuilderHelpers.cs.</source>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct MethodTable
{
    private const uint KindMask = 0x0003_0000;
    private const uint ParameterizedKind = 0x0002_0000;
    private const uint GenericDefinitionKind = 0x0003_0000;
    private const uint HasDispatchMapFlag = 0x0004_0000;
    private const uint HasFinalizerFlag = 0x0010_0000;
    private const uint HasSealedSlotsFlag = 0x0040_0000;
    private const uint HasVarianceFlag = 0x0080_0000;
    private const uint HasPointersFlag = 0x0100_0000;
    private const uint IsGenericFlag = 0x0200_0000;
    private const int ElementTypeShift = 26;
    private const uint ElementTypeMask = 0x1F;
    private const int PaddingShift = 5;
    private const uint PaddingMask = 0x7;
    private const int NullableOffsetShift = 8;
    private const uint NullableOffsetMask = 0x7;
    private const uint SzArrayBaseSizeBytes = 24;

    private readonly uint _flags;
    private readonly uint _baseSizeBytes;
    private readonly MethodTable* _relatedType;
    private readonly ushort _virtualSlotCount;
    private readonly ushort _interfaceCount;
    private readonly uint _hashCode;

    /// <summary>The optional parts, in the order in which they follow the interface map.</summary>
    private enum Field
    {
        DispatchMap,
        SealedVirtualSlots,
        GenericDefinition,
        GenericComposition,
    }

    internal readonly bool HasComponentSize => (int)_flags < 0;

    /// <summary>Bytes per element of an array or string.</summary>
    internal readonly uint ComponentSizeBytes => (ushort)_flags;

    /// <summary>Bytes of an instance without its elements, header word included.</summary>
    internal readonly uint BaseSizeBytes => _baseSizeBytes;

    internal readonly uint HashCode => _hashCode;
    internal readonly int VirtualSlotCount => _virtualSlotCount;
    internal readonly int InterfaceCount => _interfaceCount;
    internal readonly bool HasPointers => (_flags & HasPointersFlag) != 0;
    internal readonly bool HasDispatchMap => (_flags & HasDispatchMapFlag) != 0;
    internal readonly bool HasVariance => (_flags & HasVarianceFlag) != 0;
    internal readonly bool IsGeneric => (_flags & IsGenericFlag) != 0;
    internal readonly bool IsParameterized => (_flags & KindMask) == ParameterizedKind;
    internal readonly ElementType ElementType =>
        (ElementType)((_flags >> ElementTypeShift) & ElementTypeMask);
    internal readonly bool IsInterface => ElementType == ElementType.Interface;
    internal readonly bool IsNullable => ElementType == ElementType.Nullable;
    internal readonly bool IsValueType => ElementType < ElementType.Class;
    internal readonly bool IsPrimitive => ElementType < ElementType.ValueType;
    internal readonly bool IsArray => ElementType is ElementType.Array or ElementType.SzArray;
    internal readonly bool IsSzArray => IsArray && _baseSizeBytes == SzArrayBaseSizeBytes;
    internal readonly bool IsString => HasComponentSize && !IsArray;

    /// <summary>The element type of an array, the target of a pointer.</summary>
    internal readonly MethodTable* RelatedParameterType => _relatedType;

    /// <summary>The base class; for an array System.Array, null at the root.</summary>
    internal readonly MethodTable* BaseType
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)] // every cast walks by this
        get => !IsParameterized ? _relatedType : IsArray ? Of<Array>() : null;
    }

    /// <summary>Bytes of a value of this struct type outside the heap.</summary>
    internal readonly uint ValueSizeBytes
    {
        get
        {
            uint paddingBytes = (_flags >> PaddingShift) & PaddingMask;
            return _baseSizeBytes - (uint)(2 * sizeof(nint)) - paddingBytes;
        }
    }

    /// <summary>Where the value of a Nullable lies, behind its flag.</summary>
    internal readonly uint NullableValueOffsetBytes =>
        1u << (int)((_flags >> NullableOffsetShift) & NullableOffsetMask);

    internal readonly MethodTable* NullableType => GenericArgument(0);

    /// <summary>The method table of a type that is known at compile time.</summary>
    [Intrinsic]
    internal static extern MethodTable* Of<T>();

    internal static nint* VirtualSlots(MethodTable* type) => (nint*)(type + 1);

    internal static MethodTable** Interfaces(MethodTable* type) =>
        (MethodTable**)(VirtualSlots(type) + type->_virtualSlotCount);

    internal static DispatchMap* Dispatch(MethodTable* type) =>
        type->HasDispatchMap ? (DispatchMap*)Relative(FieldAddress(type, Field.DispatchMap)) : null;

    internal static nint SealedVirtualSlot(MethodTable* type, int slot)
    {
        int* table = (int*)Relative(FieldAddress(type, Field.SealedVirtualSlots));
        return (nint)Relative(table + slot);
    }

    internal static MethodTable* GenericDefinition(MethodTable* type) =>
        (MethodTable*)Relative(FieldAddress(type, Field.GenericDefinition));

    internal static int GenericArity(MethodTable* type) => (int)GenericDefinition(type)->_baseSizeBytes;

    internal static MethodTable* GenericArgument(MethodTable* type, int index)
    {
        int* composition = FieldAddress(type, Field.GenericComposition);
        // A single argument is stored in place, several in a list of their own.
        int* first = GenericArity(type) == 1 ? composition : (int*)Relative(composition);
        return (MethodTable*)Relative(first + index);
    }

    /// <summary>
    /// One byte per parameter; only types whose definition <see cref="HasVariance"/> have them.
    /// </summary>
    internal static Variance* Variances(MethodTable* type) =>
        (Variance*)Relative(FieldAddress(GenericDefinition(type), Field.GenericComposition));

    private readonly MethodTable* GenericArgument(int index)
    {
        fixed (MethodTable* self = &this)
        {
            return GenericArgument(self, index);
        }
    }

    private static int* FieldAddress(MethodTable* type, Field field)
    {
        // First two relative pointers that we do not use: the type manager and the class library's writable
        // word.
        int* address = (int*)(Interfaces(type) + type->_interfaceCount) + 2;
        uint flags = type->_flags;
        if (field == Field.DispatchMap)
        {
            return address;
        }

        address += Present(flags, HasDispatchMapFlag) + Present(flags, HasFinalizerFlag);
        if (field == Field.SealedVirtualSlots)
        {
            return address;
        }

        address += Present(flags, HasSealedSlotsFlag);
        if (field == Field.GenericDefinition)
        {
            return address;
        }

        return address + Present(flags, IsGenericFlag);
    }

    private static int Present(uint flags, uint flag) => (flags & flag) != 0 ? 1 : 0;

    private static void* Relative(int* pointer) => (byte*)pointer + *pointer;
}
