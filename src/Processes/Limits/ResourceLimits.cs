using System;
using System.Threading;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>The limits of a process, a soft and a hard one each.</summary>
/// <locking>A spin lock for changes, some of which timers make in interrupts, and for pairs; the soft one
/// alone, one word, is read without.</locking>
/// <source>getrlimit(2).</source>
public sealed class ResourceLimits
{
    public const int Count = 16;
    public const ulong Infinity = ulong.MaxValue;

    private const ulong DefaultStackBytes = 8 * 1024 * 1024;
    private const ulong DefaultDescriptors = 1024;
    private const ulong MaxDefaultDescriptors = 4096;
    private const ulong DefaultLockedBytes = 8 * 1024 * 1024;
    private const ulong MessageQueueBytes = 819200;

    private readonly SpinLock _lock = new(LockRank.ResourceLimits);
    private readonly ulong[] _soft = new ulong[Count];
    private readonly ulong[] _hard = new ulong[Count];

    private ResourceLimits()
    {
    }

    /// <summary>What the first process has.</summary>
    public static ResourceLimits CreateInitial(long memoryBytes)
    {
        ResourceLimits limits = new();
        for (int i = 0; i < Count; i++) limits.SetLocked(i, Infinity, Infinity);
        // One user leaves the others half.
        ulong threads = (ulong)ThreadLimit.For(memoryBytes) / 2;
        limits.SetLocked(RlimitResource.RLIMIT_STACK, DefaultStackBytes, Infinity);
        limits.SetLocked(RlimitResource.RLIMIT_CORE, 0, Infinity);
        limits.SetLocked(RlimitResource.RLIMIT_NPROC, threads, threads);
        limits.SetLocked(RlimitResource.RLIMIT_NOFILE, DefaultDescriptors, MaxDefaultDescriptors);
        limits.SetLocked(RlimitResource.RLIMIT_MEMLOCK, DefaultLockedBytes, DefaultLockedBytes);
        limits.SetLocked(RlimitResource.RLIMIT_SIGPENDING, threads, threads);
        limits.SetLocked(RlimitResource.RLIMIT_MSGQUEUE, MessageQueueBytes, MessageQueueBytes);
        limits.SetLocked(RlimitResource.RLIMIT_NICE, 0, 0);
        limits.SetLocked(RlimitResource.RLIMIT_RTPRIO, 0, 0);
        return limits;
    }

    public ResourceLimits Copy()
    {
        ResourceLimits copy = new();
        using (SpinLock.Guard guard = _lock.Acquire())
        {
            _soft.AsSpan().CopyTo(copy._soft);
            _hard.AsSpan().CopyTo(copy._hard);
        }

        return copy;
    }

    public Rlimit Get(int resource)
    {
        using (SpinLock.Guard guard = _lock.Acquire()) return GetLocked(resource);
    }

    /// <summary>The soft limit: the one that counts.</summary>
    public ulong Soft(int resource) => Volatile.Read(ref _soft[resource]);

    /// <summary>Replaces a pair; the check and the change are one step, or two threads could raise a hard
    /// limit together.</summary>
    /// <errors>EPERM: a higher hard limit without CAP_SYS_RESOURCE.</errors>
    public Errno Exchange(int resource, in Rlimit limit, Credentials authority, out Rlimit old)
    {
        using (SpinLock.Guard guard = _lock.Acquire())
        {
            old = GetLocked(resource);
            if (limit.rlim_max > old.rlim_max && !authority.Has(Capability.CAP_SYS_RESOURCE)) return Errno.EPERM;
            SetLocked(resource, limit.rlim_cur, limit.rlim_max);
            return Errno.None;
        }
    }

    /// <summary>Who has gone beyond a limit of time hears of it again later: so much is added, as on
    /// Linux.</summary>
    internal void RaiseSoft(int resource, ulong added)
    {
        using (SpinLock.Guard guard = _lock.Acquire())
        {
            if (_soft[resource] < Infinity - added) Volatile.Write(ref _soft[resource], _soft[resource] + added);
        }
    }

    private Rlimit GetLocked(int resource) => new() { rlim_cur = _soft[resource], rlim_max = _hard[resource] };

    private void SetLocked(int resource, ulong soft, ulong hard)
    {
        Volatile.Write(ref _soft[resource], soft);
        _hard[resource] = hard;
    }
}
