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
            procs = (ushort)int.Min(CountThreads(), ushort.MaxValue),
            mem_unit = 1,
        };
        info.loads[0] = Load(LoadAverage.OneMinute);
        info.loads[1] = Load(LoadAverage.FiveMinutes);
        info.loads[2] = Load(LoadAverage.FifteenMinutes);
        return UserMemory.TryWrite(result, info) ? 0 : Errno.EFAULT;
    }

    /// <summary>Linux, too, counts threads here.</summary>
    private static int CountThreads()
    {
        int count = 0;
        for (Pid? pid = PidTable.FindAtOrAfter(0); pid is not null; pid = PidTable.FindAtOrAfter(pid.Number + 1))
        {
            if (pid.Thread is not null) count++;
        }

        return count;
    }

    private static ulong Bytes(long pages) => (ulong)pages * UserAddress.PageSizeBytes;

    private static ulong Load(long average) => (ulong)average << LoadBits - LoadAverage.FractionBits;
}
