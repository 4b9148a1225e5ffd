using System.Collections.Generic;
using System.Runtime.CompilerServices;

namespace System.Runtime.InteropServices;

/// <summary>
/// Places inside collections. They are stale, though never dangling, once the collection grows.
/// </summary>
public static class CollectionsMarshal
{
    public static Span<T> AsSpan<T>(List<T>? list) =>
        list is null ? default : new Span<T>(list._items, 0, list._size);

    public static void SetCount<T>(List<T> list, int count) => list.SetCount(count);

    public static ref TValue? GetValueRefOrAddDefault<TKey, TValue>(
        Dictionary<TKey, TValue> dictionary, TKey key, out bool exists)
        where TKey : notnull =>
        ref dictionary.FindOrAdd(key, out exists)!;
}
