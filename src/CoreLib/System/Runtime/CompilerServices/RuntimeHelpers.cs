namespace System.Runtime.CompilerServices;

public static unsafe class RuntimeHelpers
{
    /// <summary>Identity hash. Objects never move, so their address serves; its low bits are always zero.</summary>
    public static int GetHashCode(object? value) => (int)((nuint)(*(nint*)&value) >> 4);

    [Intrinsic]
    public static extern bool IsReferenceOrContainsReferences<T>() where T : allows ref struct;

    // Bodies are supplied by the compiler: array initializers, and collection expressions over constants.
    [Intrinsic]
    public static extern void InitializeArray(Array array, RuntimeFieldHandle fieldHandle);

    [Intrinsic]
    public static extern ReadOnlySpan<T> CreateSpan<T>(RuntimeFieldHandle fieldHandle);

    [Intrinsic]
    internal static extern bool IsKnownConstant(char value);

    // Named by the compiler for switch-less struct comparison; see ValueType.
    [Intrinsic]
    internal static extern bool IsBitwiseEquatable<T>();
}
