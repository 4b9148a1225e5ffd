using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>The alternate stack for signal handlers.</summary>
/// <source>sigaltstack(2).</source>
public struct SignalStack
{
    public const int OnStack = 1;
    public const int Disable = 2;
    public const int AutoDisarm = 1 << 31;

    public UserAddress Start;
    public ulong LengthBytes;

    /// <summary>Only <see cref="AutoDisarm"/>, if anything.</summary>
    public int Flags;

    /// <summary>Whether an address lies on the stack, whatever the flags say. A stack grows down from its
    /// end, so its end counts and its start does not.</summary>
    public readonly bool Holds(ulong stackPointer) =>
        stackPointer > Start.Value && stackPointer - Start.Value <= LengthBytes;

    /// <summary>Whether a thread with this stack pointer runs on it. One that disarms itself is never in use:
    /// the next handler may have it anew.</summary>
    public readonly bool IsInUse(ulong stackPointer) => (Flags & AutoDisarm) == 0 && Holds(stackPointer);

    /// <summary>ss_flags as sigaltstack(2) reports them.</summary>
    public readonly int Report(ulong stackPointer)
    {
        if (LengthBytes == 0) return Disable | Flags;
        return Flags | (IsInUse(stackPointer) ? OnStack : 0);
    }
}
