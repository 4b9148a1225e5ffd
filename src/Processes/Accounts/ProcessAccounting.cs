using Cashew.Machine;
using Cashew.Memory;

namespace Cashew.Processes;

/// <summary>
/// What a process has used through threads that are gone, and what its children used that it waited for. What
/// its living threads use is added when somebody asks.
/// </summary>
/// <locking>The process's signal lock.</locking>
/// <source>getrusage(2), times(2).</source>
public sealed class ProcessAccounting
{
    internal ResourceUsage EndedThreads;
    internal IoCounters EndedThreadsIo;
    internal ResourceUsage Children;

    /// <summary>Keeps what only the memory knows, before it goes.</summary>
    internal void NotePeak(AddressSpace? memory)
    {
        if (memory is not null) EndedThreads.NotePeak(memory.PeakResidentPages);
    }

    /// <summary>The whole process: threads that are gone and those that live.</summary>
    internal static ResourceUsage OfProcessLocked(Process process)
    {
        ResourceUsage usage = process.Accounting.EndedThreads;
        for (UserThread? thread = process.FirstThread; thread is not null; thread = thread.NextThread)
            usage.Add(ResourceUsage.Of(thread));
        if (process.Memory is { } memory) usage.NotePeak(memory.PeakResidentPages);
        return usage;
    }

    public static ResourceUsage OfProcess(Process process)
    {
        using (SpinLock.Guard guard = process.SignalState.Lock.Acquire()) return OfProcessLocked(process);
    }

    /// <summary>The process and the children it waited for: what a wait reports, and passes on.</summary>
    public static ResourceUsage WithChildren(Process process)
    {
        using (SpinLock.Guard guard = process.SignalState.Lock.Acquire())
        {
            ResourceUsage usage = OfProcessLocked(process);
            usage.Add(process.Accounting.Children);
            return usage;
        }
    }

    public static ResourceUsage OfChildren(Process process)
    {
        using (SpinLock.Guard guard = process.SignalState.Lock.Acquire()) return process.Accounting.Children;
    }
}
