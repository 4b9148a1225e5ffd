using System;

namespace Cashew.Runtime;

/// <summary>Block operations on plain pointers.</summary>
internal static unsafe class RuntimeMemory
{
    internal static void Clear(void* start, nuint lengthBytes) =>
        SpanHelpers.ClearWithoutReferences(ref *(byte*)start, lengthBytes);

    internal static void Fill(void* start, byte value, nuint lengthBytes) =>
        SpanHelpers.Fill(ref *(byte*)start, value, lengthBytes);
}
