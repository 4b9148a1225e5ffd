using System.Runtime.CompilerServices;

namespace Cashew.Files;

/// <summary>Segments on their way from one place to another.</summary>
[InlineArray(Length)]
internal struct PipeBatch
{
    internal const int Length = 16;

    private PipeSegment _first;
}
