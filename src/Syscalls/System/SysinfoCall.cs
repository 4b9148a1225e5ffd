using Cashew.Abi;
using Cashew.Machine;
using Cashew.Memory;
using Cashew.Processes;
using Cashew.Tasks;

namespace Cashew.Syscalls;

internal static class SysinfoCall
{
    /// <summary>Fraction bits of the load averages as programs see them: SI_LOAD_SHIFT.</summary>
    private const int LoadBits = 16;

    /// <summary>Memory, load and uptime.</summary>
    /// <errors>EFAULT.</errors>
    /// <source>sysinfo(2)</source>
    internal static SyscallResult Invoke(UserAddress result)
    {
        LoadAverage.Update();
        MemoryStatistics memory = MemoryStatistics.Read();
        Sysinfo info = new()
        {
            uptime = (Clock.Monotonic.Value + Nanoseconds.PerSecond - 1) / Nanoseconds.PerSecond,
            totalram = Bytes(memory.TotalPages),
            freeram = Bytes(memory.FreePages),
            sharedram = Bytes(memory.SharedMemoryPages),
            // Linux, too, counts threads here.
            procs = (ushort)int.Min(PidTable.CountThreads(out _), ushort.MaxValue),
            mem_unit = 1,
        };
        info.loads[0] = Load(LoadAverage.OneMinute);
        info.loads[1] = Load(LoadAverage.FiveMinutes);
        info.loads[2] = Load(LoadAverage.FifteenMinutes);
        return UserMemory.TryWrite(result, info) ? 0 : Errno.EFAULT;
    }

    private static ulong Bytes(long pages) => (ulong)pages * UserAddress.PageSizeBytes;

    private static ulong Load(long average) => (ulong)average << LoadBits - LoadAverage.FractionBits;
}
