namespace System.Runtime.CompilerServices;

/// <summary>
/// Typed and untyped pointer tricks. Internal: only this assembly and Machine see it, so that no other room can do
/// without the type system. The bodies are supplied by the ahead-of-time compiler.
/// </summary>
internal static unsafe class Unsafe
{
    [Intrinsic]
    internal static extern void* AsPointer<T>(ref readonly T value) where T : allows ref struct;

    [Intrinsic]
    internal static extern int SizeOf<T>() where T : allows ref struct;

    [Intrinsic]
    internal static extern T As<T>(object? value) where T : class?;

    [Intrinsic]
    internal static extern ref TTo As<TFrom, TTo>(ref TFrom source)
        where TFrom : allows ref struct
        where TTo : allows ref struct;

    [Intrinsic]
    internal static extern ref T Add<T>(ref T source, int elementOffset) where T : allows ref struct;

    [Intrinsic]
    internal static extern ref T Add<T>(ref T source, nint elementOffset) where T : allows ref struct;

    [Intrinsic]
    internal static extern ref T Add<T>(ref T source, nuint elementOffset) where T : allows ref struct;

    [Intrinsic]
    internal static extern ref T AddByteOffset<T>(ref T source, nint byteOffset) where T : allows ref struct;

    [Intrinsic]
    internal static extern ref T AddByteOffset<T>(ref T source, nuint byteOffset) where T : allows ref struct;

    [Intrinsic]
    internal static extern bool AreSame<T>(ref readonly T left, ref readonly T right) where T : allows ref struct;

    [Intrinsic]
    internal static extern ref T AsRef<T>(void* source) where T : allows ref struct;

    [Intrinsic]
    internal static extern ref T AsRef<T>(ref readonly T source) where T : allows ref struct;

    [Intrinsic]
    internal static extern T ReadUnaligned<T>(ref readonly byte source) where T : allows ref struct;

    [Intrinsic]
    internal static extern T ReadUnaligned<T>(void* source) where T : allows ref struct;

    [Intrinsic]
    internal static extern void WriteUnaligned<T>(ref byte destination, T value) where T : allows ref struct;

    [Intrinsic]
    internal static extern void WriteUnaligned<T>(void* destination, T value) where T : allows ref struct;

    [Intrinsic]
    internal static extern nint ByteOffset<T>(ref readonly T origin, ref readonly T target) where T : allows ref struct;

    [Intrinsic]
    internal static extern ref T NullRef<T>() where T : allows ref struct;

    [Intrinsic]
    internal static extern bool IsNullRef<T>(ref readonly T source) where T : allows ref struct;
}
