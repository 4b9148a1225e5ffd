using Internal.Runtime;
using System.Runtime.CompilerServices;

namespace System;

public sealed partial class String
{
    // The compiler calls the Ctor of the same parameters instead of each of these.
    [MethodImpl(MethodImplOptions.InternalCall)]
    public extern String(char[]? value);

    [MethodImpl(MethodImplOptions.InternalCall)]
    public extern String(ReadOnlySpan<char> value);

    [MethodImpl(MethodImplOptions.InternalCall)]
    public extern String(char c, int count);

    public static string Concat(string? str0, string? str1) =>
        Concat((ReadOnlySpan<char>)str0, (ReadOnlySpan<char>)str1);

    public static string Concat(string? str0, string? str1, string? str2) =>
        Concat((ReadOnlySpan<char>)str0, (ReadOnlySpan<char>)str1, (ReadOnlySpan<char>)str2);

    public static string Concat(string? str0, string? str1, string? str2, string? str3) =>
        Concat(
            (ReadOnlySpan<char>)str0,
            (ReadOnlySpan<char>)str1,
            (ReadOnlySpan<char>)str2,
            (ReadOnlySpan<char>)str3);

    public static string Concat(ReadOnlySpan<char> str0, ReadOnlySpan<char> str1)
    {
        string result = Allocate(checked(str0.Length + str1.Length));
        str0.CopyTo(result.Writable);
        str1.CopyTo(result.Writable.Slice(str0.Length));
        return result;
    }

    public static string Concat(ReadOnlySpan<char> str0, ReadOnlySpan<char> str1, ReadOnlySpan<char> str2)
    {
        string result = Allocate(checked(str0.Length + str1.Length + str2.Length));
        str0.CopyTo(result.Writable);
        str1.CopyTo(result.Writable.Slice(str0.Length));
        str2.CopyTo(result.Writable.Slice(str0.Length + str1.Length));
        return result;
    }

    public static string Concat(
        ReadOnlySpan<char> str0, ReadOnlySpan<char> str1, ReadOnlySpan<char> str2, ReadOnlySpan<char> str3)
    {
        string result = Allocate(checked(str0.Length + str1.Length + str2.Length + str3.Length));
        str0.CopyTo(result.Writable);
        str1.CopyTo(result.Writable.Slice(str0.Length));
        str2.CopyTo(result.Writable.Slice(str0.Length + str1.Length));
        str3.CopyTo(result.Writable.Slice(str0.Length + str1.Length + str2.Length));
        return result;
    }

    public static string Concat(params string?[] values) => JoinAll(default, values);

    public static string Concat(params ReadOnlySpan<string?> values) => JoinAll(default, values);

    public static string Join(char separator, params ReadOnlySpan<string?> value) =>
        JoinAll(new ReadOnlySpan<char>(in separator), value);

    public static string Join(string? separator, params ReadOnlySpan<string?> value) =>
        JoinAll((ReadOnlySpan<char>)separator, value);

    public char[] ToCharArray() => ((ReadOnlySpan<char>)this).ToArray();

    public string Substring(int startIndex) => new(((ReadOnlySpan<char>)this).Slice(startIndex));

    public string Substring(int startIndex, int length) =>
        new(((ReadOnlySpan<char>)this).Slice(startIndex, length));

    public bool Contains(char value) => IndexOf(value) >= 0;

    public int IndexOf(char value) => ((ReadOnlySpan<char>)this).IndexOf(value);

    public int LastIndexOf(char value) => ((ReadOnlySpan<char>)this).LastIndexOf(value);

    public bool StartsWith(char value) => _stringLength != 0 && _firstChar == value;

    public bool StartsWith(string value, StringComparison comparisonType) =>
        ((ReadOnlySpan<char>)this).StartsWith(value);

    public bool EndsWith(char value) => _stringLength != 0 && this[_stringLength - 1] == value;

    public bool EndsWith(string value, StringComparison comparisonType) =>
        ((ReadOnlySpan<char>)this).EndsWith(value);

    /// <summary>Widens; every byte must be ASCII.</summary>
    internal static string CreateFromAscii(ReadOnlySpan<byte> text)
    {
        string result = Allocate(text.Length);
        Span<char> characters = result.Writable;
        for (int i = 0; i < text.Length; i++)
        {
            characters[i] = (char)text[i];
        }

        return result;
    }

    // Only for a string that nobody else has seen yet.
    private Span<char> Writable => new(ref _firstChar, _stringLength);

    private static string Ctor(char[]? value) => Ctor((ReadOnlySpan<char>)value);

    private static string Ctor(ReadOnlySpan<char> value)
    {
        string result = Allocate(value.Length);
        value.CopyTo(result.Writable);
        return result;
    }

    private static string Ctor(char c, int count)
    {
        ThrowHelper.IfNegative(count);
        string result = Allocate(count);
        result.Writable.Fill(c);
        return result;
    }

    private static string JoinAll(ReadOnlySpan<char> separator, ReadOnlySpan<string?> values)
    {
        if (values.IsEmpty)
        {
            return Empty;
        }

        int length = checked(separator.Length * (values.Length - 1));
        foreach (string? value in values)
        {
            length = checked(length + (value is null ? 0 : value.Length));
        }

        string result = Allocate(length);
        Span<char> rest = result.Writable;
        for (int i = 0; i < values.Length; i++)
        {
            if (i != 0)
            {
                separator.CopyTo(rest);
                rest = rest.Slice(separator.Length);
            }

            ReadOnlySpan<char> value = values[i];
            value.CopyTo(rest);
            rest = rest.Slice(value.Length);
        }

        return result;
    }

    private static unsafe string Allocate(int length) =>
        length == 0
            ? Empty
            : Unsafe.As<string>(Cashew.Runtime.Allocator.NewArray(MethodTable.Of<string>(), length));
}
