namespace System.Runtime.CompilerServices;

/// <summary>
/// Typed and untyped pointer tricks; the bodies are supplied by the ahead-of-time compiler. Public, because
/// the C# compiler writes calls to it into every room that uses inline arrays or collection expressions, and
/// marked so that source code which names it compiles in CoreLib and Machine only: see
/// <see cref="DiagnosticId"/>.
/// </summary>
[Obsolete(Message, DiagnosticId = DiagnosticId)]
public static unsafe class Unsafe
{
    /// <summary>A warning, hence an error, that only the two unsafe rooms turn off.</summary>
    internal const string DiagnosticId = "CASHEW0001";

    internal const string Message = "unsafe code lives in CoreLib and Machine only";

    [Intrinsic]
    public static extern void* AsPointer<T>(ref readonly T value) where T : allows ref struct;

    [Intrinsic]
    public static extern int SizeOf<T>() where T : allows ref struct;

    [Intrinsic]
    public static extern T As<T>(object? value) where T : class?;

    [Intrinsic]
    public static extern ref TTo As<TFrom, TTo>(ref TFrom source)
        where TFrom : allows ref struct
        where TTo : allows ref struct;

    [Intrinsic]
    public static extern ref T Add<T>(ref T source, int elementOffset) where T : allows ref struct;

    [Intrinsic]
    public static extern ref T Add<T>(ref T source, nint elementOffset) where T : allows ref struct;

    [Intrinsic]
    public static extern ref T Add<T>(ref T source, nuint elementOffset) where T : allows ref struct;

    [Intrinsic]
    public static extern ref T AddByteOffset<T>(ref T source, nint byteOffset) where T : allows ref struct;

    [Intrinsic]
    public static extern ref T AddByteOffset<T>(ref T source, nuint byteOffset) where T : allows ref struct;

    [Intrinsic]
    public static extern bool AreSame<T>(ref readonly T left, ref readonly T right)
        where T : allows ref struct;

    [Intrinsic]
    public static extern ref T AsRef<T>(void* source) where T : allows ref struct;

    [Intrinsic]
    public static extern ref T AsRef<T>(scoped ref readonly T source) where T : allows ref struct;

    [Intrinsic]
    public static extern T ReadUnaligned<T>(ref readonly byte source) where T : allows ref struct;

    [Intrinsic]
    public static extern T ReadUnaligned<T>(void* source) where T : allows ref struct;

    [Intrinsic]
    public static extern void WriteUnaligned<T>(ref byte destination, T value) where T : allows ref struct;

    [Intrinsic]
    public static extern void WriteUnaligned<T>(void* destination, T value) where T : allows ref struct;

    [Intrinsic]
    public static extern nint ByteOffset<T>(ref readonly T origin, ref readonly T target)
        where T : allows ref struct;

    [Intrinsic]
    public static extern ref T NullRef<T>() where T : allows ref struct;

    [Intrinsic]
    public static extern bool IsNullRef<T>(ref readonly T source) where T : allows ref struct;
}
