using System;
using Cashew.Machine;

namespace Cashew.Files.Systems;

/// <summary>What stands before the name of each entry, decoded and not judged.</summary>
/// <source>initramfs buffer format, docs.kernel.org/driver-api/early-userspace/buffer-format.html; cpio(5),
/// "New ASCII Format".</source>
internal readonly struct CpioHeader
{
    /// <summary>A magic number of six bytes, and thirteen fields of eight hexadecimal digits.</summary>
    internal const int SizeBytes = MagicBytes + Fields * FieldBytes;

    internal const int MagicBytes = 6;

    /// <summary>PATH_MAX, with the NUL at the end.</summary>
    internal const int MaxNameBytes = NameRules.MaxPathBytes + 1;

    private const int Fields = 13;
    private const int FieldBytes = 8;

    private CpioHeader(ReadOnlySpan<uint> fields, bool hasSum)
    {
        Link = new LinkKey(fields[0], fields[7], fields[8]);
        Mode = fields[1];
        Uid = fields[2];
        Gid = fields[3];
        LinkCount = fields[4];
        Modified = new Nanoseconds(fields[5] * Nanoseconds.PerSecond);
        DataBytes = fields[6];
        DeviceMajor = fields[9];
        DeviceMinor = fields[10];
        NameBytes = fields[11];
        Sum = new DataSum(hasSum, fields[12]);
    }

    /// <summary>Equal for names of the same file.</summary>
    internal LinkKey Link { get; }

    /// <summary>Type and permissions, as st_mode.</summary>
    internal uint Mode { get; }

    internal uint Uid { get; }
    internal uint Gid { get; }
    internal uint LinkCount { get; }
    internal Nanoseconds Modified { get; }
    internal long DataBytes { get; }
    internal uint DeviceMajor { get; }
    internal uint DeviceMinor { get; }

    /// <summary>With the NUL at the end, and any more that an archiver put there to align the data.</summary>
    internal long NameBytes { get; }

    internal DataSum Sum { get; }

    internal InodeType Type => (InodeType)((Mode & Abi.Mode.S_IFMT) >> 12);

    internal static bool IsMagic(ReadOnlySpan<byte> start) => start.StartsWith("070701"u8) || HasSum(start);

    /// <summary>False: a field is not a number.</summary>
    internal static bool TryParse(ReadOnlySpan<byte> bytes, out CpioHeader header)
    {
        Span<uint> fields = stackalloc uint[Fields];
        for (int i = 0; i < Fields; i++)
        {
            if (TryParseField(bytes.Slice(MagicBytes + i * FieldBytes, FieldBytes), out fields[i])) continue;
            header = default;
            return false;
        }

        header = new CpioHeader(fields, HasSum(bytes));
        return true;
    }

    private static bool HasSum(ReadOnlySpan<byte> start) => start.StartsWith("070702"u8);

    private static bool TryParseField(ReadOnlySpan<byte> digits, out uint value)
    {
        value = 0;
        foreach (byte digit in digits)
        {
            int decimalDigit = digit - '0';
            int letter = (digit | 0x20) - 'a';
            if ((uint)decimalDigit > 9 && (uint)letter > 5) return false;
            value = (value << 4) | (uint)((uint)decimalDigit <= 9 ? decimalDigit : letter + 10);
        }

        return true;
    }
}
