using System.Collections;
using System.Collections.Generic;
using System.Runtime.CompilerServices;

namespace System;

/// <summary>
/// Gives every T[] its generic interfaces: the compiler takes this class for the base of one. There are no
/// instances; <c>this</c> is the array.
/// </summary>
internal class Array<T> : Array, IList<T>, IReadOnlyList<T>
{
    private T[] Self => Unsafe.As<T[]>(this);

    int ICollection<T>.Count => Length;

    int IReadOnlyCollection<T>.Count => Length;

    bool ICollection<T>.IsReadOnly => true;

    T IList<T>.this[int index]
    {
        get => Self[index];
        set => Self[index] = value;
    }

    T IReadOnlyList<T>.this[int index] => Self[index];

    IEnumerator<T> IEnumerable<T>.GetEnumerator() => new Enumerator(Self);

    IEnumerator IEnumerable.GetEnumerator() => new Enumerator(Self);

    bool ICollection<T>.Contains(T item) => IndexOf(Self, item) >= 0;

    void ICollection<T>.CopyTo(T[] array, int arrayIndex) => Copy(Self, 0, array, arrayIndex, Length);

    int IList<T>.IndexOf(T item) => IndexOf(Self, item);

    void ICollection<T>.Add(T item) => throw new NotSupportedException();

    void ICollection<T>.Clear() => throw new NotSupportedException();

    bool ICollection<T>.Remove(T item) => throw new NotSupportedException();

    void IList<T>.Insert(int index, T item) => throw new NotSupportedException();

    void IList<T>.RemoveAt(int index) => throw new NotSupportedException();

    private sealed class Enumerator : IEnumerator<T>
    {
        private readonly T[] _array;
        private int _index = -1;

        internal Enumerator(T[] array)
        {
            _array = array;
        }

        public T Current => _array[_index];

        object? IEnumerator.Current => Current;

        public bool MoveNext()
        {
            if (_index < _array.Length)
            {
                _index++;
            }

            return _index < _array.Length;
        }

        public void Reset() => _index = -1;

        public void Dispose()
        {
        }
    }
}
