using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Memory;

namespace Cashew.Processes;

/// <summary>The timers of timer_create(2) that a process has. A child has none of them, nor has a new
/// program.
/// </summary>
/// <locking>The signal lock of the process.</locking>
/// <source>timer_create(2).</source>
public sealed class PosixTimers
{
    private const int BucketCount = 32;

    private readonly Process _process;
    private readonly PosixTimer?[] _buckets = new PosixTimer?[BucketCount];
    private int _nextId;

    internal PosixTimers(Process process) => _process = process;

    /// <errors>EAGAIN: RLIMIT_SIGPENDING, or no memory.</errors>
    public bool TryAdd(
        UserThread caller, TimerClock clock, TimerNotice notice, [NotNullWhen(true)] out PosixTimer? timer,
        out Errno error)
    {
        timer = null;
        error = Errno.EAGAIN;
        UserAccount account = caller.Account;
        ulong limit = _process.Limits.Soft(RlimitResource.RLIMIT_SIGPENDING);
        if ((ulong)account.SignalCount >= limit || !KernelObjects.MayCreate()) return false;

        int id = TakeId();
        // The value that a program sees when it has given no sigevent.
        TimerNotice own = notice.Kind == TimerNoticeKind.Process && notice.Signal == 0
            ? new TimerNotice(TimerNoticeKind.Process, Signals.SIGALRM, (ulong)id, null)
            : notice;
        PosixTimer made = new(_process, id, clock, own, account);
        account.ChargeSignal();
        using (SpinLock.Guard guard = _process.SignalState.Lock.Acquire())
        {
            ref PosixTimer? bucket = ref _buckets[id % BucketCount];
            made.Next = bucket;
            bucket = made;
        }

        timer = made;
        error = Errno.None;
        return true;
    }

    public PosixTimer? Find(int id)
    {
        using SpinLock.Guard guard = _process.SignalState.Lock.Acquire();
        return FindLocked(id);
    }

    /// <summary>False when there is none of that id.</summary>
    public bool TryDelete(int id)
    {
        PosixTimer? timer;
        using (SpinLock.Guard guard = _process.SignalState.Lock.Acquire())
        {
            if (id < 0) return false;
            ref PosixTimer? link = ref _buckets[id % BucketCount];
            while (link is not null && link.Id != id) link = ref link.Next;
            timer = link;
            if (timer is null) return false;
            link = timer.Next;
            timer.DeleteLocked();
        }

        timer.Release();
        return true;
    }

    /// <summary>The one with the greatest id below a bound, for listing.</summary>
    internal PosixTimer? FindBelow(long bound)
    {
        PosixTimer? found = null;
        using SpinLock.Guard guard = _process.SignalState.Lock.Acquire();
        foreach (PosixTimer? first in _buckets)
        {
            for (PosixTimer? timer = first; timer is not null; timer = timer.Next)
            {
                if (timer.Id < bound && (found is null || timer.Id > found.Id)) found = timer;
            }
        }

        return found;
    }

    /// <summary>The process ends, or executes another program.</summary>
    internal void DeleteAll()
    {
        for (int i = 0; i < BucketCount; i++)
        {
            while (TakeFirst(ref _buckets[i]) is { } timer) timer.Release();
        }
    }

    private PosixTimer? TakeFirst(ref PosixTimer? bucket)
    {
        using SpinLock.Guard guard = _process.SignalState.Lock.Acquire();
        PosixTimer? timer = bucket;
        if (timer is null) return null;
        bucket = timer.Next;
        timer.DeleteLocked();
        return timer;
    }

    private PosixTimer? FindLocked(int id)
    {
        if (id < 0) return null;
        PosixTimer? timer = _buckets[id % BucketCount];
        while (timer is not null && timer.Id != id) timer = timer.Next;
        return timer;
    }

    /// <summary>Upwards, as on Linux, so that an old id is not soon seen again.</summary>
    private int TakeId()
    {
        using SpinLock.Guard guard = _process.SignalState.Lock.Acquire();
        int id = _nextId;
        while (FindLocked(id) is not null) id = id == int.MaxValue ? 0 : id + 1;
        _nextId = id == int.MaxValue ? 0 : id + 1;
        return id;
    }
}
