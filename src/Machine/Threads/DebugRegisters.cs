namespace Cashew.Machine;

/// <summary>
/// The break- and watchpoints of one thread, as the processor has them. Whoever sets them has made sure that
/// every address is a user's, so the kernel's own accesses hit one only while they copy for the program.
/// </summary>
/// <source>Intel SDM volume 3, 18.2 "Debug Registers".</source>
public sealed class DebugRegisters
{
    private const ulong InitialStatus = 0xFFFF_0FF0;

    // What the registers of this processor hold; null when all are off. One processor today, as UserFpu.
    private static DebugRegisters? s_loaded;

    private readonly ulong[] _addresses = new ulong[DebugControl.Count];

    public ulong Control { get; set; }

    /// <summary>Takes effect when the thread runs again: only of one that does not run.</summary>
    public ulong this[int index]
    {
        get => _addresses[index];
        set => _addresses[index] = value;
    }

    /// <summary>Part of a context switch: one comparison unless one of the two threads is debugged like
    /// this.</summary>
    internal static void Switch(DebugRegisters? to)
    {
        if (to != s_loaded)
        {
            Load(to);
        }
    }

    /// <summary>Why the debug exception at hand came; the next one starts afresh.</summary>
    internal static ulong TakeStatus()
    {
        ulong status = Instructions.ReadDr6();
        Instructions.WriteDr6(InitialStatus);
        return status & DebugControl.StatusMask;
    }

    /// <summary>Whether one of the breakpoints that were hit is at the instruction that comes next.</summary>
    internal static bool IsBeforeInstruction(ulong status)
    {
        if ((status & DebugControl.HitMask) == 0 || s_loaded is not { } registers)
        {
            return false;
        }

        for (int index = 0; index < DebugControl.Count; index++)
        {
            bool isHit = (status >> index & 1) != 0 && DebugControl.IsEnabled(registers.Control, index);
            if (isHit && DebugControl.Kind(registers.Control, index) == DebugControl.Execute)
            {
                return true;
            }
        }

        return false;
    }

    private static void Load(DebugRegisters? registers)
    {
        s_loaded = registers;
        Instructions.WriteDr7(0);
        if (registers is null)
        {
            return;
        }

        ulong[] addresses = registers._addresses;
        Instructions.WriteBreakpoints(addresses[0], addresses[1], addresses[2], addresses[3]);
        Instructions.WriteDr7(registers.Control);
    }
}
