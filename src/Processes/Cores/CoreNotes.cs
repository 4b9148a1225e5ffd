using System;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Memory;

namespace Cashew.Processes;

/// <summary>The notes of a core file: what a debugger cannot see in memory.</summary>
/// <source>elf(5), "Notes"; core(5). The structures are those of sys/procfs.h for x86-64.</source>
internal readonly struct CoreNotes
{
    internal const int StatusBytes = 336;
    internal const int ProcessBytes = 136;

    // The bytes of the XSAVE area that belong to software say which components there are.
    private const int ComponentsOffset = 464;
    private const int SoftwareBytes = 48;

    // Beyond that, further files are left out: it is one object.
    private const int MostFileBytes = 48 * 1024;

    private readonly ByteBuilder _text;

    internal CoreNotes(ByteBuilder text) => _text = text;

    /// <summary>All of the thread that writes, and what is the process's.</summary>
    internal void AppendFirst(UserThread thread, in SignalInfo info)
    {
        AppendStatus(thread, info.Number);
        AppendProcess(thread);
        Span<byte> signal = stackalloc byte[SignalInfo.UserSizeBytes];
        info.Write(signal);
        Append("CORE"u8, Elf.NT_SIGINFO, signal);
        ReadOnlySpan<byte> auxiliary = MemoryMarshal.AsBytes(thread.Process.Image.Auxiliary);
        Append("CORE"u8, Elf.NT_AUXV, auxiliary);
        AppendFiles(thread);
        AppendFloatingPoint(thread);
    }

    /// <summary>Debuggers look for the signal with the last thread, or with any.</summary>
    internal void AppendOther(UserThread thread, int signal)
    {
        AppendStatus(thread, signal);
        AppendFloatingPoint(thread);
    }

    private void AppendStatus(UserThread thread, int signal)
    {
        Span<byte> status = stackalloc byte[StatusBytes];
        status.Clear();
        Process process = thread.Process;
        Int32(status, 0, signal);
        BinaryPrimitives.WriteInt16LittleEndian(status[12..], (short)signal);
        UInt64(status, 16, thread.SignalState.Queue.Pending.Bits);
        UInt64(status, 24, thread.SignalState.Blocked.Bits);
        Int32(status, 32, thread.Id);
        AppendFamily(status, 36, process);
        ResourceUsage own = ResourceUsage.Of(thread);
        ResourceUsage children = ProcessAccounting.OfChildren(process);
        Time(status, 48, own.UserTime);
        Time(status, 64, own.SystemTime);
        Time(status, 80, children.UserTime);
        Time(status, 96, children.SystemTime);
        Registers(status[112..], thread);
        Int32(status, 328, 1); // there is a note of the floating-point registers
        Append("CORE"u8, Elf.NT_PRSTATUS, status);
    }

    private static void AppendFamily(Span<byte> bytes, int at, Process process)
    {
        Int32(bytes, at, process.Parent?.Id ?? 0);
        Int32(bytes, at + 4, process.Group.Id);
        Int32(bytes, at + 8, process.Session.Id);
    }

    /// <summary>In the order of struct user_regs_struct, which is that of the saved ones; then the
    /// segments.</summary>
    private static void Registers(Span<byte> bytes, UserThread thread)
    {
        const int SavedWords = 21;
        Span<UserRegisters> registers = stackalloc UserRegisters[1];
        registers[0] = thread.Context.User;
        MemoryMarshal.AsBytes(registers).CopyTo(bytes);
        UInt64(bytes, SavedWords * sizeof(ulong), thread.Context.FsBase);
        UInt64(bytes, (SavedWords + 1) * sizeof(ulong), thread.Context.GsBase);
    }

    private void AppendProcess(UserThread thread)
    {
        Span<byte> bytes = stackalloc byte[ProcessBytes];
        bytes.Clear();
        Process process = thread.Process;
        bytes[1] = (byte)'R';
        bytes[3] = (byte)thread.Nice;
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[16..], thread.Credentials.Uid);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[20..], thread.Credentials.Gid);
        Int32(bytes, 24, process.Id);
        AppendFamily(bytes, 28, process);
        _ = thread.Name.CopyTo(bytes.Slice(40, CommandName.MaxLengthBytes));
        AppendArguments(bytes[56..], process.Memory!);
        Append("CORE"u8, Elf.NT_PRPSINFO, bytes);
    }

    /// <summary>The beginning of the command line, with blanks between the words.</summary>
    private static void AppendArguments(Span<byte> destination, AddressSpace memory)
    {
        destination = destination[..^1];
        ulong lengthBytes = memory.Areas.ArgumentsEnd - memory.Areas.ArgumentsStart;
        if (lengthBytes < (ulong)destination.Length) destination = destination[..(int)lengthBytes];
        int count = memory.CopyIn(destination, memory.Areas.ArgumentsStart);
        destination[count..].Clear();
        for (int i = 0; i < count; i++)
        {
            if (destination[i] == 0) destination[i] = (byte)' ';
        }
    }

    /// <summary>Which files are mapped where: a table of places, and behind it the names.</summary>
    private void AppendFiles(UserThread thread)
    {
        AddressSpace memory = thread.Process.Memory!;
        PathLocation root = thread.Filesystem.Root;
        ByteBuilder table = new();
        ByteBuilder names = new();
        long count = 0;
        UserAddress at = default;
        while (memory.TryGetNext(at, out VmaInfo mapping))
        {
            at = mapping.End;
            if (mapping.File is not OpenFile file) continue;
            if (table.LengthBytes + names.LengthBytes > MostFileBytes) break;
            Word(table, mapping.Start.Value);
            Word(table, mapping.End.Value);
            Word(table, (ulong)mapping.FirstPage);
            file.AppendName(names, root);
            names.Append((byte)0);
            count++;
        }

        ByteBuilder note = new(2 * sizeof(ulong) + table.LengthBytes + names.LengthBytes);
        Word(note, (ulong)count);
        Word(note, UserAddress.PageSizeBytes);
        note.Append(table.Written).Append(names.Written);
        Append("CORE"u8, Elf.NT_FILE, note.Written);
    }

    private void AppendFloatingPoint(UserThread thread)
    {
        byte[] image = new byte[UserFpu.SizeBytes];
        thread.Context.Fpu.Save(image);
        image.AsSpan(ComponentsOffset, SoftwareBytes).Clear();
        Append("CORE"u8, Elf.NT_PRFPREG, image.AsSpan(0, FpuFrame.LegacyBytes));
        if (image.Length == FpuFrame.LegacyBytes) return;
        BinaryPrimitives.WriteUInt64LittleEndian(image.AsSpan(ComponentsOffset), UserFpu.Components);
        Append("LINUX"u8, Elf.NT_X86_XSTATE, image);
    }

    private void Append(
        scoped ReadOnlySpan<byte> owner, uint type, scoped ReadOnlySpan<byte> contents)
    {
        Span<byte> head = stackalloc byte[12];
        Int32(head, 0, owner.Length + 1);
        Int32(head, 4, contents.Length);
        Int32(head, 8, (int)type);
        _text.Append(head).Append(owner).Append((byte)0);
        Align();
        _text.Append(contents);
        Align();
    }

    private void Align() => _text.Pad(-_text.LengthBytes & 3, 0);

    private static void Word(ByteBuilder text, ulong value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        text.Append(bytes);
    }

    private static void Time(Span<byte> bytes, int at, Nanoseconds time)
    {
        Timeval value = ClockTicks.ToTimeval(time);
        UInt64(bytes, at, (ulong)value.tv_sec);
        UInt64(bytes, at + sizeof(ulong), (ulong)value.tv_usec);
    }

    private static void Int32(Span<byte> bytes, int at, int value) =>
        BinaryPrimitives.WriteInt32LittleEndian(bytes[at..], value);

    private static void UInt64(Span<byte> bytes, int at, ulong value) =>
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[at..], value);
}
