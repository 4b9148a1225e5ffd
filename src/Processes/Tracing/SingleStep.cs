using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>
/// Single steps for a tracer. The trap flag is part of the program's own flags: one that the tracer wanted is
/// marked, so that the program, and the tracer when it reads the flags, do not see it. </summary>
/// <source>ptrace(2), PTRACE_SINGLESTEP; Intel SDM volume 3, 18.3.1.4 "Single-Step Exception
/// Condition".</source>
public static class SingleStep
{
    private const int InstructionBytes = 15;
    private const byte Popf = 0x9D;
    private const byte Iret = 0xCF;

    /// <summary>Turns stepping of a stopped thread on or off.</summary>
    internal static void Set(UserThread thread, bool isWanted)
    {
        if (isWanted) Begin(thread);
        else End(thread);
    }

    /// <summary>The flags go to where the program can see them: without what the tracer added.</summary>
    internal static void End(UserThread thread)
    {
        if (!thread.IsStepForced) return;
        thread.IsStepForced = false;
        thread.Context.User.Rflags &= ~RflagsBits.Trap;
    }

    /// <summary>The tracer has gone in the middle of a step: nobody wants to hear of its end.</summary>
    public static bool IsLeftOver(UserThread thread, ulong debugStatus)
    {
        if (!thread.IsStepForced || thread.IsTraced) return false;
        End(thread);
        return debugStatus == DebugControl.Step;
    }

    /// <summary>The instruction at hand may set the flag itself, and what it sets is the program's. Looks
    /// into memory, so it is asked before any lock is taken.</summary>
    public static bool LoadsFlags(UserThread thread)
    {
        if (thread.Process.Memory is not { } memory || !memory.TryRetain()) return false;
        System.Span<byte> code = stackalloc byte[InstructionBytes];
        int length = memory.CopyInForced(code, new UserAddress(thread.Context.User.Rip));
        memory.Release();
        foreach (byte value in code[..length])
        {
            if (value is Popf or Iret) return true;
            if (!IsPrefix(value)) return false;
        }

        return false;
    }

    private static void Begin(UserThread thread)
    {
        ref ulong flags = ref thread.Context.User.Rflags;
        if (thread.Tracee is { IsNextLoadingFlags: true })
        {
            flags |= RflagsBits.Trap;
            thread.IsStepForced = false;
            return;
        }

        if ((flags & RflagsBits.Trap) != 0) return;
        flags |= RflagsBits.Trap;
        thread.IsStepForced = true;
    }

    private static bool IsPrefix(byte value) => value switch
    {
        0x26 or 0x2E or 0x36 or 0x3E or 0x64 or 0x65 => true, // segments
        0x66 or 0x67 or 0xF0 or 0xF2 or 0xF3 => true, // sizes, lock, repeat
        >= 0x40 and <= 0x4F => true, // REX
        _ => false,
    };
}
