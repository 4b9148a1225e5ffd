using System.Diagnostics.CodeAnalysis;

namespace Cashew.Machine;

/// <summary>
/// Ends the machine. Each kind of machine has its own way, so all that can be there are tried in turn, ending
/// with the one no processor can ignore: a triple fault.
/// </summary>
/// <source>ACPI 6.5, 4.8.3.7 (sleep control) and 4.8.3.2 (PM1 control); the i8042's reset pulse; port
/// 0xCF9.</source>
public static unsafe class Power
{
    internal const ushort DebugExitPort = 0x501;
    internal const byte PanicCode = 0x2A;

    private const ushort KeyboardController = 0x64;
    private const byte PulseReset = 0xFE;
    private const ushort ResetControl = 0xCF9;
    private const int SettleTurns = 1000;

    [DoesNotReturn]
    public static void Off()
    {
        _ = Instructions.DisableInterrupts();
        PowerRegisters registers = Firmware.PowerRegisters;
        const byte SleepTypeSoftOff = 5; // \_S5 of hardware-reduced machines (QEMU microvm)
        const byte SleepEnable = 1 << 5;
        Write(registers.SleepControlAddress, registers.IsSleepControlInMemory, SleepTypeSoftOff << 2 | SleepEnable);
        if (registers.Pm1aControlPort != 0)
        {
            const ushort Pm1SleepEnable = 1 << 13; // with type 0, \_S5 of QEMU's pc and q35
            Instructions.Out16(registers.Pm1aControlPort, Pm1SleepEnable);
        }

        Finish();
    }

    [DoesNotReturn]
    public static void Reboot()
    {
        _ = Instructions.DisableInterrupts();
        PowerRegisters registers = Firmware.PowerRegisters;
        Write(registers.ResetAddress, registers.IsResetInMemory, registers.ResetValue);
        Finish();
    }

    /// <summary>Stops without turning off.</summary>
    [DoesNotReturn]
    public static void Halt()
    {
        _ = Instructions.DisableInterrupts();
        while (true)
        {
            Instructions.Halt();
        }
    }

    /// <summary>Tests under QEMU see a code of their own; elsewhere the port does not exist and the machine
    /// resets.</summary>
    [DoesNotReturn]
    internal static void StopAfterPanic()
    {
        Instructions.Out8(DebugExitPort, PanicCode);
        Finish();
    }

    [DoesNotReturn]
    private static void Finish()
    {
        Settle();
        Instructions.Out8(KeyboardController, PulseReset);
        Settle();
        Instructions.Out8(ResetControl, 6);
        Settle();
        Instructions.TripleFault();
        Halt();
    }

    private static void Write(ulong address, bool isMemory, byte value)
    {
        if (address == 0)
        {
            return;
        }

        if (!isMemory)
        {
            Instructions.Out8((ushort)address, value);
            return;
        }

        byte* register = KernelMap.TryMapDevice(address, 1);
        if (register != null)
        {
            *register = value;
        }
    }

    private static void Settle()
    {
        for (int i = 0; i < SettleTurns; i++)
        {
            Instructions.Pause();
        }
    }
}
