using Cashew.Machine;

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
    internal ResourceUsage Children;

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

    public static ResourceUsage OfChildren(Process process)
    {
        using (SpinLock.Guard guard = process.SignalState.Lock.Acquire()) return process.Accounting.Children;
    }
}
