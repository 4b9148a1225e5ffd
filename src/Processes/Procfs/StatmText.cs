using Cashew.Abi;
using Cashew.Files;
using Cashew.Files.Systems;
using Cashew.Memory;

namespace Cashew.Processes;

/// <summary>/proc/PID/statm: sizes in pages.</summary>
/// <source>proc_pid_statm(5): size, resident, shared, text, lib (0), data and stack, dirty (0).</source>
internal static class StatmText
{
    internal static Errno Append(Subject subject, ByteBuilder text, ref TextCursor cursor)
    {
        cursor.Finish();
        AddressSpace? memory = subject.RetainMemory();
        SpaceSizes sizes = memory?.Sizes ?? default;
        ResidentPages resident = memory?.Resident ?? default;
        text.Append(sizes.Total).Append((byte)' ').Append(resident.Total).Append((byte)' ');
        text.Append(resident.File + resident.SharedMemory).Append((byte)' ');
        text.Append(sizes.Executable).Append(" 0 "u8).Append(sizes.Data + sizes.Stack).Append(" 0\n"u8);
        memory?.Release();
        return Errno.None;
    }
}
