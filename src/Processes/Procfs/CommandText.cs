using System;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Files.Systems;
using Cashew.Machine;
using Cashew.Memory;

namespace Cashew.Processes;

/// <summary>The names, arguments and environment of a program.</summary>
/// <source>proc_pid_comm(5), proc_pid_cmdline(5), proc_pid_environ(5).</source>
internal static class CommandText
{
    private const int PieceBytes = 4096;

    internal static void AppendName(ByteBuilder text, CommandName name)
    {
        Span<byte> bytes = stackalloc byte[CommandName.MaxLengthBytes];
        text.Append(bytes[..name.CopyTo(bytes)]);
    }

    internal static Errno AppendComm(Subject subject, ByteBuilder text, ref TextCursor cursor)
    {
        AppendName(text, subject.Name);
        text.Append((byte)'\n');
        cursor.Finish();
        return Errno.None;
    }

    /// <summary>Renames a thread; only its own process may.</summary>
    /// <errors>EINVAL: somebody else's.</errors>
    /// <source>proc_pid_comm(5); what is too long is cut off.</source>
    internal static Errno StoreComm(Subject subject, in FileCaller opener, ReadOnlySpan<byte> text)
    {
        if (!subject.IsOwn || subject.Thread is not { } thread) return Errno.EINVAL;
        if (!text.IsEmpty && text[^1] == (byte)'\n') text = text[..^1];
        thread.Name = new CommandName(text);
        return Errno.None;
    }

    internal static Errno AppendArguments(Subject subject, ByteBuilder text, ref TextCursor cursor)
    {
        AddressSpace? memory = subject.RetainMemory();
        if (memory is null)
        {
            cursor.Finish();
            return Errno.None;
        }

        ProgramAreas areas = memory.Areas;
        if (cursor.Position == 0 && IsTitle(memory, areas)) AppendTitle(memory, areas, text, ref cursor);
        else AppendRange(memory, areas.ArgumentsStart, areas.ArgumentsEnd, text, ref cursor);
        memory.Release();
        return Errno.None;
    }

    internal static Errno AppendEnvironment(Subject subject, ByteBuilder text, ref TextCursor cursor)
    {
        AddressSpace? memory = subject.RetainMemory();
        if (memory is null)
        {
            cursor.Finish();
            return Errno.None;
        }

        AppendRange(memory, memory.Areas.EnvironmentStart, memory.Areas.EnvironmentEnd, text, ref cursor);
        memory.Release();
        return Errno.None;
    }

    /// <summary>A program that has written a title over its arguments has written over their last
    /// NUL.</summary>
    /// <source>proc_pid_cmdline(5); setproctitle(3bsd).</source>
    private static bool IsTitle(AddressSpace memory, in ProgramAreas areas)
    {
        if (areas.ArgumentsEnd <= areas.ArgumentsStart) return false;
        Span<byte> last = stackalloc byte[1];
        return memory.CopyIn(last, areas.ArgumentsEnd - 1) == 1 && last[0] != 0;
    }

    // One string, which may reach into the environment.
    private static void AppendTitle(
        AddressSpace memory, in ProgramAreas areas, ByteBuilder text, ref TextCursor cursor)
    {
        ulong length = Math.Min(areas.EnvironmentEnd - areas.ArgumentsStart, PieceBytes);
        byte[] piece = new byte[length];
        ReadOnlySpan<byte> title = piece.AsSpan(0, memory.CopyIn(piece, areas.ArgumentsStart));
        int end = title.IndexOf((byte)0);
        text.Append(end < 0 ? title : title[..(end + 1)]);
        cursor.Finish();
    }

    private static void AppendRange(
        AddressSpace memory, UserAddress start, UserAddress end, ByteBuilder text, ref TextCursor cursor)
    {
        UserAddress from = start + (ulong)cursor.Position;
        if (from >= end)
        {
            cursor.Finish();
            return;
        }

        byte[] piece = new byte[Math.Min(end - from, PieceBytes)];
        int moved = memory.CopyIn(piece, from);
        text.Append(piece.AsSpan(0, moved));
        cursor.Position += moved;
        if (moved < piece.Length) cursor.Finish();
    }
}
