using System;

namespace Internal.Runtime.CompilerHelpers;

/// <summary>Where compiled code goes when one of its own checks fails. Names known to the compiler.</summary>
internal static class ThrowHelpers
{
    private static void ThrowOverflowException() => throw new OverflowException();

    private static void ThrowIndexOutOfRangeException() => throw new IndexOutOfRangeException();

    private static void ThrowNullReferenceException() => throw new NullReferenceException();

    private static void ThrowDivideByZeroException() => throw new DivideByZeroException();

    private static void ThrowArgumentException() => throw new ArgumentException();

    private static void ThrowArgumentOutOfRangeException() => throw new ArgumentOutOfRangeException();

    private static void ThrowPlatformNotSupportedException() => throw new PlatformNotSupportedException();

    private static void ThrowNotImplementedException() => throw new NotImplementedException();

    private static void ThrowArrayTypeMismatchException() => throw new ArrayTypeMismatchException();

    private static void ThrowInvalidProgramException(int id) => throw new InvalidOperationException();

    private static void ThrowInvalidProgramExceptionWithArgument(int id, string argument) =>
        throw new InvalidOperationException(argument);

    private static void ThrowTypeLoadException(int id, string className, string typeName) =>
        throw new InvalidOperationException(typeName);

    private static void ThrowMissingMethodException(int id, string name) =>
        throw new InvalidOperationException(name);

    private static void ThrowMissingFieldException(int id, string name) =>
        throw new InvalidOperationException(name);

    private static void ThrowBadImageFormatException(int id) => throw new InvalidOperationException();

    private static void ThrowFileNotFoundException(int id, string name) =>
        throw new InvalidOperationException(name);

    private static void ThrowFeatureBodyRemoved() => throw new NotSupportedException();

    private static void ThrowBodyRemoved() => throw new NotSupportedException();

    private static void ThrowInstanceBodyRemoved() => throw new NotSupportedException();

    private static void ThrowUnavailableType() => throw new NotSupportedException();

    private static void ThrowAmbiguousMatchException(int id, string name) =>
        throw new InvalidOperationException(name);

    private static void ThrowNotSupportedInlineArrayEqualsGetHashCode() => throw new NotSupportedException();

    private static void ThrowMarshalDirectiveException(int id) => throw new InvalidOperationException();
}
