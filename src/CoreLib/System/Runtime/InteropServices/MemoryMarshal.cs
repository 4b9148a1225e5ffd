using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace System.Runtime.InteropServices;

/// <summary>
/// Values of plain types as bytes and back, always within bounds. What could forge a reference or read beyond
/// a span is visible to the two unsafe rooms only (and to the C# compiler; see <see cref="Unsafe"/>).
/// </summary>
public static class MemoryMarshal
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Read<T>(ReadOnlySpan<byte> source)
        where T : struct
    {
        if (!TryRead(source, out T value))
        {
            ThrowHelper.ArgumentOutOfRange();
        }

        return value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRead<T>(ReadOnlySpan<byte> source, out T value)
        where T : struct
    {
        CheckPlain<T>();
        if (source.Length < Unsafe.SizeOf<T>())
        {
            value = default;
            return false;
        }

        // SAFETY: enough bytes are there, and every pattern of bits is a value of a type without references.
        value = Unsafe.ReadUnaligned<T>(ref Unsafe.AsRef(in source._reference));
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write<T>(Span<byte> destination, in T value)
        where T : struct
    {
        if (!TryWrite(destination, in value))
        {
            ThrowHelper.ArgumentOutOfRange();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryWrite<T>(Span<byte> destination, in T value)
        where T : struct
    {
        CheckPlain<T>();
        if (destination.Length < Unsafe.SizeOf<T>())
        {
            return false;
        }

        // SAFETY: there is room, and the type has no references.
        Unsafe.WriteUnaligned(ref destination._reference, value);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Span<byte> AsBytes<T>(Span<T> span)
        where T : struct
    {
        CheckPlain<T>();
        // SAFETY: the same memory, and the type has no references.
        return new Span<byte>(
            ref Unsafe.As<T, byte>(ref span._reference), checked(span.Length * Unsafe.SizeOf<T>()));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ReadOnlySpan<byte> AsBytes<T>(ReadOnlySpan<T> span)
        where T : struct
    {
        CheckPlain<T>();
        // SAFETY: as above.
        return new ReadOnlySpan<byte>(
            ref Unsafe.As<T, byte>(ref Unsafe.AsRef(in span._reference)),
            checked(span.Length * Unsafe.SizeOf<T>()));
    }

    /// <summary>
    /// The same memory as elements of another plain type; what is left over at the end is cut off.
    /// </summary>
    public static Span<TTo> Cast<TFrom, TTo>(Span<TFrom> span)
        where TFrom : struct
        where TTo : struct
    {
        CheckPlain<TFrom>();
        CheckPlain<TTo>();
        // SAFETY: not longer than the source, and neither type has references. x86 reads unaligned elements.
        return new Span<TTo>(
            ref Unsafe.As<TFrom, TTo>(ref span._reference), CastLength<TFrom, TTo>(span.Length));
    }

    /// <inheritdoc cref="Cast{TFrom, TTo}(Span{TFrom})"/>
    public static ReadOnlySpan<TTo> Cast<TFrom, TTo>(ReadOnlySpan<TFrom> span)
        where TFrom : struct
        where TTo : struct
    {
        CheckPlain<TFrom>();
        CheckPlain<TTo>();
        // SAFETY: as above.
        return new ReadOnlySpan<TTo>(
            ref Unsafe.As<TFrom, TTo>(ref Unsafe.AsRef(in span._reference)),
            CastLength<TFrom, TTo>(span.Length));
    }

    /// <summary>One value as a span over its place.</summary>
    [Obsolete(Unsafe.Message, DiagnosticId = Unsafe.DiagnosticId)]
    public static Span<T> CreateSpan<T>(scoped ref T reference, int length) =>
        new(ref Unsafe.AsRef(in reference), length);

    [Obsolete(Unsafe.Message, DiagnosticId = Unsafe.DiagnosticId)]
    public static ReadOnlySpan<T> CreateReadOnlySpan<T>(scoped ref readonly T reference, int length) =>
        new(ref Unsafe.AsRef(in reference), length);

    internal static ref T GetReference<T>(Span<T> span) => ref span._reference;

    internal static ref T GetReference<T>(ReadOnlySpan<T> span) => ref Unsafe.AsRef(in span._reference);

    internal static ref T GetArrayDataReference<T>(T[] array) =>
        ref Unsafe.As<byte, T>(ref Unsafe.As<RawArrayData>(array).Data);

    private static int CastLength<TFrom, TTo>(int length) =>
        checked((int)((ulong)(uint)length * (uint)Unsafe.SizeOf<TFrom>() / (uint)Unsafe.SizeOf<TTo>()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CheckPlain<T>()
    {
        if (RuntimeHelpers.IsReferenceOrContainsReferences<T>())
        {
            ThrowHelper.Argument("a type with references has no bytes");
        }
    }
}
