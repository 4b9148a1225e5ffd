using Cashew.Abi;

namespace Cashew.Processes;

/// <summary>What PTRACE_PEEKUSER and PTRACE_POKEUSER reach: struct user, of which only the registers and the
/// debug registers mean anything.</summary>
/// <source>sys/user.h, struct user.</source>
public static class TraceUserArea
{
    private const ulong WordBytes = sizeof(ulong);
    private const ulong DebugOffset = 848;
    private const ulong DebugEnd = DebugOffset + TraceDebug.Count * WordBytes;

    /// <summary>The kernel's structure ends with two words that the library's does not have.</summary>
    private const ulong LengthBytes = DebugEnd + 2 * WordBytes;

    /// <errors>EIO: outside of it, or not at a word.</errors>
    public static Errno Peek(UserThread thread, ulong offset, out ulong value)
    {
        value = 0;
        if (offset % WordBytes != 0 || offset >= LengthBytes) return Errno.EIO;
        int index = (int)(offset / WordBytes);
        if (index < TraceRegisters.Count) value = TraceRegisters.Get(thread, index);
        else if (IsDebug(offset)) value = TraceDebug.Get(thread, (int)((offset - DebugOffset) / WordBytes));
        return Errno.None;
    }

    /// <errors>EIO: not at a register; and as the registers say.</errors>
    public static Errno Poke(UserThread thread, ulong offset, ulong value)
    {
        if (offset % WordBytes != 0 || offset >= LengthBytes) return Errno.EIO;
        int index = (int)(offset / WordBytes);
        if (index < TraceRegisters.Count) return TraceRegisters.Set(thread, index, value);
        return IsDebug(offset)
            ? TraceDebug.Set(thread, (int)((offset - DebugOffset) / WordBytes), value)
            : Errno.EIO;
    }

    private static bool IsDebug(ulong offset) => offset is >= DebugOffset and < DebugEnd;
}
