using Cashew.Abi;
using Cashew.Machine;
using Cashew.Memory;

namespace Cashew.Processes;

/// <summary>Hardware break- and watchpoints of a stopped thread.</summary>
/// <source>ptrace(2), PTRACE_POKEUSER; sys/user.h, u_debugreg; Intel SDM volume 3, 18.2.</source>
public static class TraceDebug
{
    public const int Count = 8;

    private const int Status = 6;
    private const int Control = 7;

    // Bits of DR6 that are one when nothing has happened.
    private const ulong ConstantStatus = 0xFFFF_0FF0;

    // GD and the bits that are constant.
    private const ulong ReservedControl = 0xFFFF_FFFF_0000_FC00;

    public static ulong Get(UserThread thread, int index) => index switch
    {
        < DebugControl.Count => thread.Context.Debug?[index] ?? 0,
        Status => thread.DebugStatus ^ ConstantStatus,
        Control => thread.Context.Debug?.Control ?? 0,
        _ => 0,
    };

    /// <errors>EINVAL: an address that is not the program's, or not aligned for what waits at it; an unknown
    /// kind. EIO: DR4 and DR5. ENOMEM.</errors>
    public static Errno Set(UserThread thread, int index, ulong value)
    {
        if (index == Status)
        {
            thread.DebugStatus = value ^ ConstantStatus;
            return Errno.None;
        }

        if (index is not (< DebugControl.Count or Control)) return Errno.EIO;
        if (thread.Context.Debug is null)
        {
            if (value == 0) return Errno.None;
            if (!KernelObjects.MayCreate()) return Errno.ENOMEM;
            thread.Context.Debug = new DebugRegisters();
        }

        DebugRegisters registers = thread.Context.Debug!;
        return index == Control ? SetControl(registers, value) : SetAddress(registers, index, value);
    }

    private static Errno SetAddress(DebugRegisters registers, int index, ulong value)
    {
        Errno error = CheckAddress(registers.Control, index, value);
        if (error == Errno.None) registers[index] = value;
        return error;
    }

    private static Errno SetControl(DebugRegisters registers, ulong value)
    {
        value &= ~ReservedControl;
        for (int index = 0; index < DebugControl.Count; index++)
        {
            Errno error = CheckKind(value, index);
            if (error == Errno.None) error = CheckAddress(value, index, registers[index]);
            if (error != Errno.None) return error;
        }

        registers.Control = value;
        return Errno.None;
    }

    private static Errno CheckKind(ulong control, int index)
    {
        if (!DebugControl.IsEnabled(control, index)) return Errno.None;
        int kind = DebugControl.Kind(control, index);
        if (kind == DebugControl.InputOutput) return Errno.EINVAL;
        bool isBadLength = kind == DebugControl.Execute && DebugControl.LengthBytes(control, index) != 1;
        return isBadLength ? Errno.EINVAL : Errno.None;
    }

    private static Errno CheckAddress(ulong control, int index, ulong address)
    {
        if (address >= UserAddress.LimitValue) return Errno.EINVAL;
        if (!DebugControl.IsEnabled(control, index)) return Errno.None;
        ulong length = (ulong)DebugControl.LengthBytes(control, index);
        bool isPossible = address % length == 0 && address + length <= UserAddress.LimitValue;
        return isPossible ? Errno.None : Errno.EINVAL;
    }
}
