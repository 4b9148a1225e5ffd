using System;

namespace Cashew.Processes;

/// <summary>The name of a thread: at most 15 bytes, shown by ps and in /proc/PID/comm.</summary>
/// <source>prctl(2), PR_SET_NAME.</source>
public readonly struct CommandName
{
    public const int MaxLengthBytes = 15;

    private readonly ulong _low;
    private readonly ulong _high;

    public CommandName(ReadOnlySpan<byte> name)
    {
        int length = Math.Min(name.Length, MaxLengthBytes);
        int end = name[..length].IndexOf((byte)0);
        if (end >= 0) length = end;
        for (int i = 0; i < length; i++)
        {
            ulong bits = (ulong)name[i] << i % sizeof(ulong) * 8;
            if (i < sizeof(ulong)) _low |= bits;
            else _high |= bits;
        }
    }

    public int LengthBytes
    {
        get
        {
            int length = 0;
            while (this[length] != 0) length++;
            return length;
        }
    }

    private byte this[int index] =>
        (byte)((index < sizeof(ulong) ? _low : _high) >> index % sizeof(ulong) * 8);

    /// <summary>Writes the name without a terminator; <paramref name="destination"/> has room for 15 bytes.
    /// </summary>
    public int CopyTo(Span<byte> destination)
    {
        int length = LengthBytes;
        for (int i = 0; i < length; i++) destination[i] = this[i];
        return length;
    }

    /// <summary>The last component of a path, which is what execve(2) names the thread.</summary>
    public static CommandName FromPath(ReadOnlySpan<byte> path) =>
        new(path[(path.LastIndexOf((byte)'/') + 1)..]);
}
