using Cashew.Abi;
using Cashew.Files;
using Cashew.Files.Systems;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>/proc/PID/syscall: in which call a thread sleeps, with what arguments, and its stack pointer and
/// program counter.</summary>
/// <source>proc_pid_syscall(5).</source>
internal static class SyscallText
{
    internal static Errno Append(Subject subject, ByteBuilder text, ref TextCursor cursor)
    {
        cursor.Finish();
        if (subject.Thread is not { } thread)
        {
            text.Append("running\n"u8);
            return Errno.None;
        }

        bool isAsking = ReferenceEquals(thread, UserThread.CurrentOrNone);
        if (!isAsking && StateText.Letter(subject) == (byte)'R')
        {
            text.Append("running\n"u8);
            return Errno.None;
        }

        // A copy: the thread may go on while it is written down.
        UserRegisters registers = thread.Context.User;
        text.Append((long)registers.OriginalRax);
        if ((long)registers.OriginalRax != -1)
        {
            Word(text, registers.Rdi);
            Word(text, registers.Rsi);
            Word(text, registers.Rdx);
            Word(text, registers.R10);
            Word(text, registers.R8);
            Word(text, registers.R9);
        }

        Word(text, registers.Rsp);
        Word(text, registers.Rip);
        text.Append((byte)'\n');
        return Errno.None;
    }

    private static void Word(ByteBuilder text, ulong value) => text.Append(" 0x"u8).AppendHex(value);
}
