using System.Runtime.CompilerServices;

namespace System;

public readonly struct Char : IEquatable<char>, IComparable<char>
{
    private readonly char m_value;

    public const char MinValue = '\0';
    public const char MaxValue = '\uFFFF';

    public static bool IsAscii(char c) => c < 0x80;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsBetween(char c, char minInclusive, char maxInclusive) =>
        (uint)(c - minInclusive) <= (uint)(maxInclusive - minInclusive);

    public static bool IsAsciiDigit(char c) => IsBetween(c, '0', '9');

    public static bool IsAsciiLetterLower(char c) => IsBetween(c, 'a', 'z');

    public static bool IsAsciiLetterUpper(char c) => IsBetween(c, 'A', 'Z');

    public static bool IsAsciiLetter(char c) => IsAsciiLetterLower((char)(c | 0x20));

    public static bool IsAsciiLetterOrDigit(char c) => IsAsciiLetter(c) || IsAsciiDigit(c);

    public static bool IsAsciiHexDigit(char c) => IsAsciiDigit(c) || IsBetween((char)(c | 0x20), 'a', 'f');

    public static bool IsAsciiHexDigitLower(char c) => IsAsciiDigit(c) || IsBetween(c, 'a', 'f');

    public static bool IsAsciiHexDigitUpper(char c) => IsAsciiDigit(c) || IsBetween(c, 'A', 'F');

    public bool Equals(char other) => m_value == other;

    public override bool Equals(object? other) => other is char value && value == m_value;

    public override int GetHashCode() => m_value | (m_value << 16);

    public int CompareTo(char other) => m_value - other;

    public override string ToString() => new(m_value, 1);
}
