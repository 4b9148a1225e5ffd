namespace Cashew.Files.Terminals;

/// <summary>What is to be echoed and has not gone out: what was typed, and not yet what the screen gets,
/// because modes and columns count when it goes out.</summary>
/// <locking>The terminal's.</locking>
internal sealed class EchoBuffer
{
    private const int Capacity = 4096;
    private const int KindShift = 8;

    // Made with the first echo: many terminals have none.
    private ushort[]? _steps;
    private uint _added;
    private uint _removed;

    internal int Count => (int)(_added - _removed);

    /// <summary>When it is full, the oldest is dropped, as on Linux.</summary>
    internal void Add(EchoKind kind, byte value = 0)
    {
        _steps ??= new ushort[Capacity];
        if (Count == Capacity) _removed++;
        _steps[_added++ % Capacity] = (ushort)((int)kind << KindShift | value);
    }

    internal EchoKind Take(out byte value)
    {
        ushort step = _steps![_removed++ % Capacity];
        value = (byte)step;
        return (EchoKind)(step >> KindShift);
    }

    internal void Clear() => _removed = _added;
}
