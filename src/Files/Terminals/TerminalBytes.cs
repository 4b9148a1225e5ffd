namespace Cashew.Files.Terminals;

/// <summary>What kinds of bytes there are, for editing and echoing.</summary>
internal static class TerminalBytes
{
    internal const byte Bell = 7;
    internal const byte Backspace = 8;
    internal const byte Tab = 9;
    internal const byte NewLine = 10;
    internal const byte CarriageReturn = 13;
    internal const byte Delete = 0x7F;

    // ASCII's control characters differ from a letter, which they are echoed as, by this bit.
    private const byte ControlBit = 0x40;
    private const byte CaseBit = 0x20;

    internal static bool IsControl(byte value) => value is < 0x20 or Delete;

    internal static byte ControlLetter(byte value) => (byte)(value ^ ControlBit);

    /// <summary>Letters are those of ISO 8859-1, as on Linux.</summary>
    internal static byte ToLower(byte value)
        => value is >= (byte)'A' and <= (byte)'Z' or (>= 0xC0 and <= 0xDE and not 0xD7) ? (byte)(value + CaseBit) : value;

    /// <inheritdoc cref="ToLower"/>
    internal static byte ToUpper(byte value)
        => value is >= (byte)'a' and <= (byte)'z' or (>= 0xDF and not 0xF7) ? (byte)(value - CaseBit) : value;

    /// <summary>A byte inside a UTF-8 sequence: it moves no cursor, and is erased with the one that begins
    /// the sequence.</summary>
    internal static bool IsContinuation(byte value) => (value & 0xC0) == 0x80;

    /// <summary>Part of a word for word erase; bytes that begin UTF-8 sequences count as letters.</summary>
    internal static bool IsWord(byte value)
        => value is >= (byte)'0' and <= (byte)'9' or >= (byte)'A' and <= (byte)'Z' or >= (byte)'a' and <= (byte)'z'
            or (byte)'_' or >= 0xC0;
}
