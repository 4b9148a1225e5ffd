namespace Cashew.Machine;

/// <summary>The break- and watchpoints of one thread: kept, and never hit, since there are no
/// instructions.</summary>
public sealed class DebugRegisters
{
    private readonly ulong[] _addresses = new ulong[DebugControl.Count];

    public ulong Control { get; set; }

    public ulong this[int index]
    {
        get => _addresses[index];
        set => _addresses[index] = value;
    }
}
