using System;
using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>The general registers of a stopped thread, in the order of struct user_regs_struct.</summary>
/// <source>sys/user.h; ptrace(2), PTRACE_GETREGS and PTRACE_POKEUSER.</source>
public static class TraceRegisters
{
    public const int Count = 27;
    public const int LengthBytes = Count * sizeof(ulong);

    // The first 21 are UserRegisters.
    private const int Rax = 10;
    private const int OriginalRax = 15;
    private const int Cs = 17;
    private const int Flags = 18;
    private const int Ss = 20;
    private const int FsBase = 21;
    private const int GsBase = 22;

    public static ulong Get(UserThread thread, int index)
    {
        ref UserRegisters user = ref thread.Context.User;
        return index switch
        {
            0 => user.R15,
            1 => user.R14,
            2 => user.R13,
            3 => user.R12,
            4 => user.Rbp,
            5 => user.Rbx,
            6 => user.R11,
            7 => user.R10,
            8 => user.R9,
            9 => user.R8,
            Rax => user.Rax,
            11 => user.Rcx,
            12 => user.Rdx,
            13 => user.Rsi,
            14 => user.Rdi,
            OriginalRax => user.OriginalRax,
            16 => user.Rip,
            Cs => user.Cs,
            Flags => thread.IsStepForced ? user.Rflags & ~RflagsBits.Trap : user.Rflags,
            19 => user.Rsp,
            Ss => user.Ss,
            FsBase => thread.Context.FsBase,
            GsBase => thread.Context.GsBase,
            _ => 0, // ds, es, fs, gs: no program here has anything in them
        };
    }

    /// <errors>EIO: a selector or a base that user mode cannot have.</errors>
    /// <deviation>Only the selectors that a 64-bit program starts with are accepted: there are no
    /// others.</deviation>
    public static Errno Set(UserThread thread, int index, ulong value)
    {
        switch (index)
        {
            case < Cs or 19:
                SetGeneral(ref thread.Context.User, index, value);
                return Errno.None;
            case Cs:
                return (ushort)value == (ushort)UserRegisters.UserCodeSelector ? Errno.None : Errno.EIO;
            case Ss:
                return (ushort)value == (ushort)UserRegisters.UserDataSelector ? Errno.None : Errno.EIO;
            case Flags:
                SetFlags(thread, value);
                return Errno.None;
            case FsBase or GsBase:
                if (value >= UserAddress.LimitValue) return Errno.EIO;
                if (index == FsBase) thread.Context.FsBase = value;
                else thread.Context.GsBase = value;
                return Errno.None;
            default:
                return (ushort)value == 0 ? Errno.None : Errno.EIO;
        }
    }

    private static void SetGeneral(ref UserRegisters user, int index, ulong value)
    {
        switch (index)
        {
            case 0: user.R15 = value; break;
            case 1: user.R14 = value; break;
            case 2: user.R13 = value; break;
            case 3: user.R12 = value; break;
            case 4: user.Rbp = value; break;
            case 5: user.Rbx = value; break;
            case 6: user.R11 = value; break;
            case 7: user.R10 = value; break;
            case 8: user.R9 = value; break;
            case 9: user.R8 = value; break;
            case Rax: user.Rax = value; break;
            case 11: user.Rcx = value; break;
            case 12: user.Rdx = value; break;
            case 13: user.Rsi = value; break;
            case 14: user.Rdi = value; break;
            case OriginalRax: user.OriginalRax = value; break;
            case 16: user.Rip = value; break;
            default: user.Rsp = value; break;
        }
    }

    /// <summary>A trap flag that the tracer writes is the program's own from now on; one that it leaves out,
    /// and has not seen, stays for the step under way.</summary>
    private static void SetFlags(UserThread thread, ulong value)
    {
        ref ulong flags = ref thread.Context.User.Rflags;
        if ((value & RflagsBits.Trap) != 0) thread.IsStepForced = false;
        else if (thread.IsStepForced) value |= RflagsBits.Trap;
        flags = flags & ~RflagsBits.TracerChangeable | value & RflagsBits.TracerChangeable;
    }
}
