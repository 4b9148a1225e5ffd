using System;
using System.Threading;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>How core files are called.</summary>
/// <source>core(5), "Naming of core dump files".</source>
/// <locking>The pattern is replaced whole.</locking>
public static class CorePattern
{
    private const int MaxBytes = 127;

    private static byte[] s_pattern = "core"u8.ToArray();

    public static ReadOnlySpan<byte> Text => Volatile.Read(ref s_pattern);

    /// <summary>kernel.core_uses_pid: the process's number is added to a name that lacks it.</summary>
    public static bool UsesPid { get; set; }

    /// <errors>EINVAL: a pipe to a program, which only a kernel that starts programs by itself could
    /// serve.</errors>
    public static Errno Set(ReadOnlySpan<byte> text)
    {
        int end = text.IndexOfAny((byte)'\n', (byte)0);
        if (end >= 0) text = text[..end];
        if (text.Length > MaxBytes) text = text[..MaxBytes];
        if (!text.IsEmpty && text[0] == (byte)'|') return Errno.EINVAL;
        Volatile.Write(ref s_pattern, text.ToArray());
        return Errno.None;
    }

    /// <summary>The path of a core file; empty for none.</summary>
    internal static ByteBuilder Expand(UserThread thread, int signal)
    {
        ByteBuilder path = new();
        bool hasPid = false;
        ReadOnlySpan<byte> pattern = Text;
        for (int i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] != (byte)'%')
            {
                path.Append(pattern[i]);
                continue;
            }

            // A single one at the end is left out.
            if (++i == pattern.Length) break;
            hasPid |= pattern[i] == (byte)'p';
            AppendValue(path, pattern[i], thread, signal);
        }

        if (!hasPid && UsesPid && pattern.Length > 0) path.Append((byte)'.').Append((long)thread.Process.Id);
        return path;
    }

    private static void AppendValue(ByteBuilder path, byte specifier, UserThread thread, int signal)
    {
        switch (specifier)
        {
            case (byte)'%':
                path.Append((byte)'%');
                break;
            case (byte)'p' or (byte)'P':
                path.Append((long)thread.Process.Id);
                break;
            case (byte)'i' or (byte)'I':
                path.Append((long)thread.Id);
                break;
            case (byte)'u':
                path.Append((long)thread.Credentials.Uid);
                break;
            case (byte)'g':
                path.Append((long)thread.Credentials.Gid);
                break;
            case (byte)'d':
                path.Append((long)thread.Process.Dumpable);
                break;
            case (byte)'s':
                path.Append((long)signal);
                break;
            case (byte)'t':
                path.Append(Clock.Realtime.Value / Nanoseconds.PerSecond);
                break;
            case (byte)'h':
                AppendSafely(path, SystemNames.Nodename);
                break;
            case (byte)'e':
                ByteBuilder name = new();
                CommandText.AppendName(name, thread.Name);
                AppendSafely(path, name.Written);
                break;
            case (byte)'f':
                if (thread.Process.Image.File is { } file && !file.Location.IsNone)
                    AppendSafely(path, file.Location.Dentry.Name);
                break;
            case (byte)'E':
                ByteBuilder program = new();
                thread.Process.Image.File?.AppendName(program, thread.Filesystem.Root);
                AppendSafely(path, program.Written);
                break;
            case (byte)'c':
                path.Append(thread.Process.Limits.Soft(RlimitResource.RLIMIT_CORE));
                break;
        }
    }

    /// <summary>A name must not lead into another directory.</summary>
    private static void AppendSafely(ByteBuilder path, ReadOnlySpan<byte> name)
    {
        foreach (byte value in name) path.Append(value == (byte)'/' ? (byte)'!' : value);
    }
}
