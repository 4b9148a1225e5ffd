using System.Threading;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Processes;

/// <summary>Tells those who watch cgroup.events or memory.events by inotify. What there is to tell happens
/// under a spin lock, where nothing can be made: a thread of the kernel does it, and only while somebody
/// watches anything.</summary>
/// <locking>Which groups wait for it: <see cref="ProcessTree.Lock"/>.</locking>
internal sealed class CgroupNotices : Thread
{
    // Without an initializer: it is looked at under spin locks, where nothing can be initialized.
    private static CgroupNotices? s_instance;

    private readonly WaitQueue _work = new();
    private Cgroup? _first;

    /// <summary>Starts the thread, once. Without memory for it nobody is told.</summary>
    internal static void Begin()
    {
        if (Volatile.Read(ref s_instance) is not null) return;
        CgroupNotices made = new();
        if (Interlocked.CompareExchange(ref s_instance, made, null) is not null) return;
        if (made.TryInitialize()) made.Start();
        else Volatile.Write(ref s_instance, null);
    }

    internal static void AddLocked(Cgroup group, bool isOfMemory)
    {
        if (!FileWatches.AreThere || Volatile.Read(ref s_instance) is not CgroupNotices notices) return;
        if (isOfMemory) group.OwesMemoryNotice = true;
        else group.OwesNotice = true;
        if (group.IsWaitingForNotice) return;
        group.IsWaitingForNotice = true;
        group.NextToNotify = notices._first;
        Volatile.Write(ref notices._first, group);
        notices._work.WakeAll();
    }

    protected override void Main()
    {
        HasWorkCondition condition = new(this);
        while (true)
        {
            _ = Sleep.Until(_work, ref condition, SleepMode.Uninterruptible, Nanoseconds.Max);
            while (TryTake(out Cgroup? group, out bool tellsEvents, out bool tellsMemory))
            {
                if (tellsEvents) group!.Directory?.ReportChange("cgroup.events"u8);
                if (tellsMemory) group!.Directory?.ReportChange("memory.events"u8);
            }
        }
    }

    private bool TryTake(out Cgroup? group, out bool tellsEvents, out bool tellsMemory)
    {
        tellsEvents = false;
        tellsMemory = false;
        using SpinLock.Guard guard = ProcessTree.Lock.Acquire();
        group = _first;
        if (group is null) return false;
        _first = group.NextToNotify;
        group.NextToNotify = null;
        group.IsWaitingForNotice = false;
        tellsEvents = group.OwesNotice;
        tellsMemory = group.OwesMemoryNotice;
        group.OwesNotice = false;
        group.OwesMemoryNotice = false;
        return true;
    }

    private readonly struct HasWorkCondition(CgroupNotices notices) : ISleepCondition
    {
        public bool IsMet() => Volatile.Read(ref notices._first) is not null;
    }
}
