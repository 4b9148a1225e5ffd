namespace Cashew.Machine;

/// <summary>COM1 by polling: for panics, and for the time before there is a driver.</summary>
/// <source>National Semiconductor PC16550D data sheet.</source>
internal static unsafe class EarlyConsole
{
    private const ushort Port = 0x3F8;
    private const ushort LineStatus = Port + 5;
    private const byte TransmitterEmpty = 0x20;
    private const int MaximumPolls = 100_000;

    internal static void Write(byte value)
    {
        // Bounded: a machine without the device must not hang here.
        for (int i = 0; i < MaximumPolls && (Instructions.In8(LineStatus) & TransmitterEmpty) == 0; i++)
        {
        }

        Instructions.Out8(Port, value);
    }

    internal static void Write(System.ReadOnlySpan<byte> text)
    {
        foreach (byte value in text)
        {
            if (value == (byte)'\n')
            {
                Write((byte)'\r');
            }

            Write(value);
        }
    }

    internal static void Write(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            Write((byte)text[i]);
        }
    }

    internal static void WriteHex(ulong value)
    {
        Write("0x");
        for (int shift = 60; shift >= 0; shift -= 4)
        {
            Write("0123456789abcdef"u8[(int)(value >> shift) & 15]);
        }
    }

    internal static void WriteDecimal(ulong value)
    {
        const int MaximumDigits = 20;
        byte* digits = stackalloc byte[MaximumDigits];
        int count = 0;
        do
        {
            digits[count++] = (byte)('0' + value % 10);
            value /= 10;
        }
        while (value != 0);

        while (count > 0)
        {
            Write(digits[--count]);
        }
    }
}
