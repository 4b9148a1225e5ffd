using System;
using Cashew.Machine;

namespace Cashew.Kernel.SelfTests;

/// <summary>
/// Verdicts go to the second serial port, by polling: nothing of what is under test is needed for them.
/// </summary>
internal static class SelfTestReport
{
    private const ushort Com2 = 0x2F8;
    private const int LineStatus = 5;
    private const byte TransmitterEmpty = 0x20;
    private const int MaximumPolls = 100_000;
    private const int PieceBytes = 256;

    internal static void Write(string line)
    {
        foreach (char letter in line)
        {
            WriteByte((byte)letter);
        }

        WriteByte((byte)'\n');
    }

    /// <summary>What the kernel has logged so far, as remarks: how it came up is judged outside.</summary>
    internal static void WriteLog()
    {
        Span<byte> piece = stackalloc byte[PieceBytes];
        bool isAtLineStart = true;
        long position = 0;
        for (int count; (count = Log.Read(ref position, piece)) > 0;)
        {
            foreach (byte value in piece[..count])
            {
                if (isAtLineStart)
                {
                    WriteByte((byte)'#');
                    WriteByte((byte)' ');
                }

                WriteByte(value);
                isAtLineStart = value == (byte)'\n';
            }
        }
    }

    private static void WriteByte(byte value)
    {
        IoPort port = new(Com2);
        for (int i = 0; i < MaximumPolls && (port.ReadByte(LineStatus) & TransmitterEmpty) == 0; i++)
        {
        }

        port.WriteByte(0, value);
    }
}
