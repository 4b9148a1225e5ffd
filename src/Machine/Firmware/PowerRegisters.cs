using System;
using System.Runtime.InteropServices;

namespace Cashew.Machine;

/// <summary>Where to write to end or reset the machine, as the FADT says; zero where it says
/// nothing.</summary>
/// <source>ACPI 6.5, 5.2.9: offsets 64 (PM1a control), 116 (reset register), 128 (reset value), 244 (sleep
/// control).</source>
internal readonly struct PowerRegisters
{
    private const int RegisterBytes = 12;
    private const byte SystemMemory = 0;

    internal ushort Pm1aControlPort { get; private init; }

    internal ulong SleepControlAddress { get; private init; }

    internal bool IsSleepControlInMemory { get; private init; }

    internal ulong ResetAddress { get; private init; }

    internal bool IsResetInMemory { get; private init; }

    internal byte ResetValue { get; private init; }

    internal static PowerRegisters FromFadt(ReadOnlySpan<byte> fadt)
    {
        const int FlagsOffset = 112;
        const uint ResetSupported = 1 << 10;
        uint flags = fadt.Length >= FlagsOffset + 4 ? MemoryMarshal.Read<uint>(fadt[FlagsOffset..]) : 0;
        bool hasReset = (flags & ResetSupported) != 0 && fadt.Length > 128;
        bool hasSleep = fadt.Length >= 244 + RegisterBytes;
        return new PowerRegisters
        {
            Pm1aControlPort = fadt.Length >= 68 ? (ushort)MemoryMarshal.Read<uint>(fadt[64..]) : (ushort)0,
            ResetAddress = hasReset ? MemoryMarshal.Read<ulong>(fadt[120..]) : 0,
            IsResetInMemory = hasReset && fadt[116] == SystemMemory,
            ResetValue = hasReset ? fadt[128] : (byte)0,
            SleepControlAddress = hasSleep ? MemoryMarshal.Read<ulong>(fadt[248..]) : 0,
            IsSleepControlInMemory = hasSleep && fadt[244] == SystemMemory,
        };
    }
}
