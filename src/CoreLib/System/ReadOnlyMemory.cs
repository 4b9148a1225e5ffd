namespace System;

/// <summary>
/// A part of an array that, unlike a span, can be kept in an object, and not written through.
/// </summary>
public readonly struct ReadOnlyMemory<T> : IEquatable<ReadOnlyMemory<T>>
{
    private readonly T[]? _array;
    private readonly int _start;
    private readonly int _length;

    public ReadOnlyMemory(T[]? array)
    {
        _array = array;
        _length = array is null ? 0 : array.Length;
    }

    public ReadOnlyMemory(T[]? array, int start, int length)
    {
        _ = new ReadOnlySpan<T>(array, start, length); // checks the range
        _array = array;
        _start = start;
        _length = length;
    }

    public static ReadOnlyMemory<T> Empty => default;

    public int Length => _length;

    public bool IsEmpty => _length == 0;

    public ReadOnlySpan<T> Span => new(_array, _start, _length);

    public static implicit operator ReadOnlyMemory<T>(T[]? array) => new(array);

    public ReadOnlyMemory<T> Slice(int start) => Slice(start, _length - start);

    public ReadOnlyMemory<T> Slice(int start, int length)
    {
        if ((ulong)(uint)start + (uint)length > (uint)_length)
        {
            ThrowHelper.ArgumentOutOfRange();
        }

        return new ReadOnlyMemory<T>(_array, _start + start, length);
    }

    public void CopyTo(Memory<T> destination) => Span.CopyTo(destination.Span);

    public bool TryCopyTo(Memory<T> destination) => Span.TryCopyTo(destination.Span);

    public T[] ToArray() => Span.ToArray();

    public bool Equals(ReadOnlyMemory<T> other) =>
        _array == other._array && _start == other._start && _length == other._length;

    public override bool Equals(object? other) => other is ReadOnlyMemory<T> memory && Equals(memory);

    public override int GetHashCode() => HashCode.Combine(_array, _start, _length);
}
