using System;
using System.Buffers.Binary;
using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>
/// What siginfo_t says about one signal. The four words are the bytes 16 to 47 of the user's structure, so
/// that a signal a program queued with its own payload passes through unread.
/// </summary>
/// <source>sigaction(2), "The siginfo_t argument to a SA_SIGINFO handler"; the x86-64 psABI for the padding.
/// </source>
public struct SignalInfo
{
    public const int UserSizeBytes = 128;

    private const int PayloadOffset = 16;

    public int Number;
    public int ErrorNumber;
    public int Code;
    public ulong Word0;
    public ulong Word1;
    public ulong Word2;
    public ulong Word3;

    /// <summary>si_pid of the layouts that have one (kill, queue, child).</summary>
    public readonly int SenderPid => (int)Word0;

    /// <summary>Raised by the kernel for a reason that needs no more words (a key on the terminal, an alarm).
    /// </summary>
    public static SignalInfo FromKernel(int signal) => new() { Number = signal, Code = SigInfoCode.SI_KERNEL };

    /// <summary>kill(2), tkill(2) and their like; <paramref name="code"/> is SI_USER or SI_TKILL.</summary>
    public static SignalInfo FromSender(int signal, int code, int pid, uint uid) =>
        new() { Number = signal, Code = code, Word0 = Pack(pid, (int)uid) };

    /// <summary>A child that ended, stopped or went on; the code is one of CLD_*.</summary>
    public static SignalInfo FromChild(
        int signal, int code, int pid, uint uid, int status, long userTicks, long systemTicks) =>
        new()
        {
            Number = signal,
            Code = code,
            Word0 = Pack(pid, (int)uid),
            Word1 = (uint)status,
            Word2 = (ulong)userTicks,
            Word3 = (ulong)systemTicks,
        };

    /// <summary>A fault of the processor, with the address si_addr tells.</summary>
    public static SignalInfo FromFault(int signal, int code, UserAddress address) =>
        new() { Number = signal, Code = code, Word0 = address.Value };

    /// <summary>A timer of timer_create(2).</summary>
    public static SignalInfo FromTimer(int signal, int id, ulong value) =>
        new() { Number = signal, Code = SigInfoCode.SI_TIMER, Word0 = Pack(id, 0), Word1 = value };

    /// <summary>si_overrun.</summary>
    public void SetOverruns(int count) => Word0 = Pack((int)Word0, count);

    /// <summary>One overrun more.</summary>
    public void AddOverrun()
    {
        int count = (int)(Word0 >> 32);
        if (count < int.MaxValue) SetOverruns(count + 1);
    }

    /// <summary>Reads what rt_sigqueueinfo(2) was given.</summary>
    public static SignalInfo Read(ReadOnlySpan<byte> user) => new()
    {
        Number = BinaryPrimitives.ReadInt32LittleEndian(user),
        ErrorNumber = BinaryPrimitives.ReadInt32LittleEndian(user[4..]),
        Code = BinaryPrimitives.ReadInt32LittleEndian(user[8..]),
        Word0 = BinaryPrimitives.ReadUInt64LittleEndian(user[PayloadOffset..]),
        Word1 = BinaryPrimitives.ReadUInt64LittleEndian(user[(PayloadOffset + 8)..]),
        Word2 = BinaryPrimitives.ReadUInt64LittleEndian(user[(PayloadOffset + 16)..]),
        Word3 = BinaryPrimitives.ReadUInt64LittleEndian(user[(PayloadOffset + 24)..]),
    };

    /// <summary>Writes all 128 bytes of the user's structure.</summary>
    public readonly void Write(Span<byte> user)
    {
        user[..UserSizeBytes].Clear();
        BinaryPrimitives.WriteInt32LittleEndian(user, Number);
        BinaryPrimitives.WriteInt32LittleEndian(user[4..], ErrorNumber);
        BinaryPrimitives.WriteInt32LittleEndian(user[8..], Code);
        BinaryPrimitives.WriteUInt64LittleEndian(user[PayloadOffset..], Word0);
        BinaryPrimitives.WriteUInt64LittleEndian(user[(PayloadOffset + 8)..], Word1);
        BinaryPrimitives.WriteUInt64LittleEndian(user[(PayloadOffset + 16)..], Word2);
        BinaryPrimitives.WriteUInt64LittleEndian(user[(PayloadOffset + 24)..], Word3);
    }

    /// <summary>Fills in a structure that is all zeros.</summary>
    public readonly void Fill(ref SigInfo user)
    {
        user.si_signo = Number;
        user.si_errno = ErrorNumber;
        user.si_code = Code;
        // The four words under the names they have in the longest variants.
        user.si_addr = Word0;
        user.si_ptr = Word1;
        user.si_utime = (long)Word2;
        user.si_stime = (long)Word3;
    }

    private static ulong Pack(int low, int high) => (uint)low | (ulong)(uint)high << 32;
}
