using System;
using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Files.Systems;

/// <content>What is said about archives that are not as they should be.</content>
internal sealed partial class ArchiveReader
{
    // An archive can have a million entries that do not fit; nobody reads as many lines.
    private const int MostSkipLines = 16;
    private const int MostNameBytes = 100;
    private const int ShownMagicBytes = 6;

    private long _skipped;

    /// <summary>Why the last <c>TryX</c> returned false.</summary>
    internal string Failure { get; private set; } = "";

    /// <summary>How many entries were left out, if that is more than there were lines for.</summary>
    internal void LogSkipped()
    {
        if (_skipped > MostSkipLines) Log.Error($"initramfs: {_skipped} entries were left out");
    }

    private void LogSkip(Errno error)
    {
        if (++_skipped > MostSkipLines) return;

        ByteBuilder line = new();
        AppendName(line);
        line.Append(" is left out: "u8).Append(Describe(error)).Append(", "u8);
        _input.AppendPlace(line, _entry);
        Log.Error($"initramfs: {line.Written}");
    }

    private static ReadOnlySpan<byte> Describe(Errno error) => error switch
    {
        Errno.ENOENT => "there is no directory for it"u8,
        Errno.ENOTDIR => "what should be its directory is none"u8,
        Errno.ENAMETOOLONG => "its name is too long"u8,
        Errno.ELOOP => "there are too many symbolic links on the way"u8,
        Errno.ENOTEMPTY => "there is a directory with entries in its place"u8,
        Errno.EISDIR => "its name is one of a directory"u8,
        _ => "it is no kind of file"u8,
    };

    private bool FailForRoom(Errno error)
        => Fail(error == Errno.ENOMEM ? "there is not enough memory"u8 : "the root may not become larger"u8);

    /// <summary>Something else than a header.</summary>
    private bool FailUnknown(ReadOnlySpan<byte> start)
    {
        ReadOnlySpan<byte> format = FormatOf(start);
        if (!format.IsEmpty) return Fail(format);

        ByteBuilder reason = new();
        reason.Append("this is no archive of cpio (newc) or gzip, it begins with"u8);
        foreach (byte value in start[..Math.Min(start.Length, ShownMagicBytes)])
        {
            reason.Append((byte)' ').AppendHex(value, 2);
        }

        return Fail(reason.Written);
    }

    // What people do use, and Linux understands or once did.
    private static ReadOnlySpan<byte> FormatOf(ReadOnlySpan<byte> start) => start switch
    {
        [0x28, 0xB5, 0x2F, 0xFD, ..] => "this is zstd, and only gzip is understood"u8,
        [0xFD, (byte)'7', (byte)'z', ..] => "this is xz, and only gzip is understood"u8,
        [(byte)'B', (byte)'Z', (byte)'h', ..] => "this is bzip2, and only gzip is understood"u8,
        [0x02, 0x21, 0x4C, 0x18, ..] => "this is lz4, and only gzip is understood"u8,
        [0x89, (byte)'L', (byte)'Z', (byte)'O', ..] => "this is lzo, and only gzip is understood"u8,
        [0x5D, 0, 0, ..] => "this is lzma, and only gzip is understood"u8,
        [(byte)'0', (byte)'7', (byte)'0', (byte)'7', (byte)'0', (byte)'7', ..]
            => "this is the old cpio format (odc), and only newc is understood"u8,
        _ => default,
    };

    /// <param name="reason">Unless the input has a better one.</param>
    private bool Fail(ReadOnlySpan<byte> reason)
    {
        ByteBuilder text = new();
        text.Append(_input.Problem.IsEmpty ? reason : _input.Problem).Append(", "u8);
        _input.AppendPlace(text, _entry);
        if (_nameBytes != 0)
        {
            text.Append(" ("u8);
            AppendName(text);
            text.Append((byte)')');
        }

        Failure = ToText(text.Written);
        return false;
    }

    // Names are bytes that somebody chose: nothing that a terminal would obey.
    private void AppendName(ByteBuilder text)
    {
        foreach (byte value in Name[..Math.Min(Name.Length, MostNameBytes)])
        {
            text.Append(value is >= 0x20 and < 0x7F ? value : (byte)'?');
        }

        if (Name.Length > MostNameBytes) text.Append("..."u8);
    }

    private static string ToText(ReadOnlySpan<byte> ascii)
    {
        char[] text = new char[ascii.Length];
        for (int i = 0; i < text.Length; i++) text[i] = (char)ascii[i];
        return new string(text);
    }
}
