using System;

namespace Cashew.Runtime;

/// <summary>Block operations on plain pointers.</summary>
internal static unsafe class RuntimeMemory
{
    internal static void Clear(void* start, nuint lengthBytes) =>
        SpanHelpers.ClearWithoutReferences(ref *(byte*)start, lengthBytes);
}
