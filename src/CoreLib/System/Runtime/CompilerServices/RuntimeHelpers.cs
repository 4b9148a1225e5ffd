namespace System.Runtime.CompilerServices;

public static unsafe class RuntimeHelpers
{
    /// <summary>
    /// Identity hash. Objects never move, so their address serves; its low bits are always zero.
    /// </summary>
    public static int GetHashCode(object? value) => (int)((nuint)(*(nint*)&value) >> 4);

    [Intrinsic]
    public static extern bool IsReferenceOrContainsReferences<T>() where T : allows ref struct;

    // Bodies are supplied by the compiler: array initializers, and collection expressions over constants.
    [Intrinsic]
    public static extern void InitializeArray(Array array, RuntimeFieldHandle fieldHandle);

    [Intrinsic]
    public static extern ReadOnlySpan<T> CreateSpan<T>(RuntimeFieldHandle fieldHandle);

    /// <summary>What C# calls for <c>array[1..^2]</c>.</summary>
    public static T[] GetSubArray<T>(T[] array, Range range)
    {
        (int start, int length) = range.GetOffsetAndLength(array.Length);
        return new ReadOnlySpan<T>(array, start, length).ToArray();
    }

    [Intrinsic]
    internal static extern bool IsKnownConstant(char value);

    /// <summary>Is equality of T equality of its bytes? A constant to the compiler.</summary>
    [Intrinsic]
    internal static extern bool IsBitwiseEquatable<T>();
}
