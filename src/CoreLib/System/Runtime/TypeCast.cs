using Internal.Runtime;
using System.Runtime.CompilerServices;

namespace System.Runtime;

/// <summary>Casts and type tests that the compiler could not decide.</summary>
/// <source>ECMA-335 I.8.7 (assignment compatibility), III.4.3 castclass, III.4.6 isinst.</source>
internal static unsafe class TypeCast
{
    [RuntimeExport("RhTypeCast_IsInstanceOfClass")]
    internal static object? IsInstanceOfClass(MethodTable* target, object? value)
    {
        if (value is null || value.TypeOf == target)
        {
            return value;
        }

        for (MethodTable* type = value.TypeOf->BaseType; type != null; type = type->BaseType)
        {
            if (type == target)
            {
                return value;
            }
        }

        // A variant delegate is a class, too.
        return target->HasVariance && IsAssignable(value.TypeOf, target) ? value : null;
    }

    [RuntimeExport("RhTypeCast_IsInstanceOfInterface")]
    internal static object? IsInstanceOfInterface(MethodTable* target, object? value) =>
        value is null || Implements(value.TypeOf, target) ? value : null;

    [RuntimeExport("RhTypeCast_IsInstanceOfAny")]
    internal static object? IsInstanceOfAny(MethodTable* target, object? value) =>
        value is null || IsAssignable(value.TypeOf, target) ? value : null;

    [RuntimeExport("RhTypeCast_IsInstanceOfException")]
    internal static bool IsInstanceOfException(MethodTable* target, object? value) =>
        value is not null && IsInstanceOfClass(target, value) is not null;

    [RuntimeExport("RhTypeCast_CheckCastClass")]
    internal static object? CheckCastClass(MethodTable* target, object? value) =>
        value is null || IsInstanceOfClass(target, value) is not null
            ? value
            : throw new InvalidCastException();

    // The compiler has already compared the exact type.
    [RuntimeExport("RhTypeCast_CheckCastClassSpecial")]
    internal static object? CheckCastClassSpecial(MethodTable* target, object? value) =>
        CheckCastClass(target, value);

    [RuntimeExport("RhTypeCast_CheckCastInterface")]
    internal static object? CheckCastInterface(MethodTable* target, object? value) =>
        value is null || Implements(value.TypeOf, target) ? value : throw new InvalidCastException();

    [RuntimeExport("RhTypeCast_CheckCastAny")]
    internal static object? CheckCastAny(MethodTable* target, object? value) =>
        value is null || IsAssignable(value.TypeOf, target) ? value : throw new InvalidCastException();

    [RuntimeExport("RhpStelemRef")]
    internal static void StelemRef(object?[] array, nint index, object? value)
    {
        ref object? element = ref CheckedElement(array, index);
        MethodTable* elementType = array.TypeOf->RelatedParameterType;
        if (value is not null && value.TypeOf != elementType && elementType != MethodTable.Of<object>()
            && !IsAssignable(value.TypeOf, elementType))
        {
            throw new ArrayTypeMismatchException();
        }

        element = value;
    }

    [RuntimeExport("RhpLdelemaRef")]
    internal static ref object? LdelemaRef(object?[] array, nint index, MethodTable* elementType)
    {
        if (array.TypeOf->RelatedParameterType != elementType)
        {
            throw new ArrayTypeMismatchException();
        }

        return ref CheckedElement(array, index);
    }

    /// <summary>May a value of one type stand where the other is expected?</summary>
    internal static bool IsAssignable(MethodTable* source, MethodTable* target)
    {
        if (source == target)
        {
            return true;
        }

        if (target->IsInterface)
        {
            return Implements(source, target);
        }

        if (target->IsParameterized)
        {
            return IsAssignableToArray(source, target);
        }

        for (MethodTable* type = source->BaseType; type != null; type = type->BaseType)
        {
            if (type == target)
            {
                return true;
            }
        }

        if (target->IsNullable)
        {
            return source == target->NullableType;
        }

        return target->HasVariance && IsVariantMatch(source, target, sourceIsArray: false);
    }

    /// <summary>
    /// Are two instantiations of one generic type compatible through the variance of its parameters?
    /// </summary>
    /// <param name="sourceIsArray">Arrays are covariant in their element type whatever the interface
    /// says.</param>
    internal static bool IsVariantMatch(MethodTable* source, MethodTable* target, bool sourceIsArray)
    {
        if (source == target)
        {
            return true;
        }

        if (!source->IsGeneric || !target->IsGeneric || !(target->HasVariance || sourceIsArray)
            || MethodTable.GenericDefinition(source) != MethodTable.GenericDefinition(target))
        {
            return false;
        }

        Variance* variances = sourceIsArray ? null : MethodTable.Variances(target);
        int arity = MethodTable.GenericArity(target);
        for (int i = 0; i < arity; i++)
        {
            Variance variance = sourceIsArray ? Variance.ArrayCovariant : variances[i];
            if (!IsArgumentMatch(
                MethodTable.GenericArgument(source, i), MethodTable.GenericArgument(target, i), variance))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsArgumentMatch(MethodTable* source, MethodTable* target, Variance variance)
    {
        if (source == target)
        {
            return true;
        }

        // Variance converts references only: a struct has another representation than its interface.
        return variance switch
        {
            Variance.Covariant =>
                !source->IsValueType && !target->IsValueType && IsAssignable(source, target),
            Variance.Contravariant =>
                !source->IsValueType && !target->IsValueType && IsAssignable(target, source),
            Variance.ArrayCovariant => IsElementMatch(source, target),
            _ => false,
        };
    }

    private static bool Implements(MethodTable* type, MethodTable* target)
    {
        MethodTable** interfaces = MethodTable.Interfaces(type);
        int count = type->InterfaceCount;
        for (int i = 0; i < count; i++)
        {
            if (interfaces[i] == target)
            {
                return true;
            }
        }

        if (!target->IsGeneric || !(target->HasVariance || type->IsArray))
        {
            return false;
        }

        for (int i = 0; i < count; i++)
        {
            if (IsVariantMatch(interfaces[i], target, type->IsArray))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsAssignableToArray(MethodTable* source, MethodTable* target) =>
        source->IsArray && target->IsArray
        && source->BaseSizeBytes == target->BaseSizeBytes // the rank
        && IsElementMatch(source->RelatedParameterType, target->RelatedParameterType);

    private static bool IsElementMatch(MethodTable* source, MethodTable* target)
    {
        if (source == target)
        {
            return true;
        }

        if (source->IsValueType || target->IsValueType)
        {
            // int[] is uint[], and an array of an enum is one of its underlying type.
            return source->IsPrimitive && target->IsPrimitive
                && Unsigned(source->ElementType) == Unsigned(target->ElementType);
        }

        return IsAssignable(source, target);
    }

    private static ElementType Unsigned(ElementType type) => type switch
    {
        ElementType.SByte => ElementType.Byte,
        ElementType.Int16 => ElementType.UInt16,
        ElementType.Int32 => ElementType.UInt32,
        ElementType.Int64 or ElementType.IntPtr or ElementType.UIntPtr => ElementType.UInt64,
        _ => type,
    };

    private static ref object? CheckedElement(object?[] array, nint index)
    {
        if ((nuint)index >= (nuint)array.Length)
        {
            throw new IndexOutOfRangeException();
        }

        ref byte data = ref Unsafe.As<RawArrayData>(array).Data;
        return ref Unsafe.Add(ref Unsafe.As<byte, object?>(ref data), index);
    }
}
