using System;
using System.Threading;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>The limits of a process, a soft and a hard one each.</summary>
/// <locking>A spin lock for changes; read without: a pair is immutable and replaced whole.</locking>
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
    private readonly Pair[] _limits = new Pair[Count];

    private ResourceLimits()
    {
    }

    /// <summary>What the first process has.</summary>
    public static ResourceLimits CreateInitial(long memoryBytes)
    {
        ResourceLimits limits = new();
        for (int i = 0; i < Count; i++) limits._limits[i] = Both(Infinity);
        // One user leaves the others half.
        ulong threads = (ulong)ThreadLimit.For(memoryBytes) / 2;
        limits._limits[RlimitResource.RLIMIT_STACK] = new Pair(DefaultStackBytes, Infinity);
        limits._limits[RlimitResource.RLIMIT_CORE] = new Pair(0, Infinity);
        limits._limits[RlimitResource.RLIMIT_NPROC] = Both(threads);
        limits._limits[RlimitResource.RLIMIT_NOFILE] = new Pair(DefaultDescriptors, MaxDefaultDescriptors);
        limits._limits[RlimitResource.RLIMIT_MEMLOCK] = Both(DefaultLockedBytes);
        limits._limits[RlimitResource.RLIMIT_SIGPENDING] = Both(threads);
        limits._limits[RlimitResource.RLIMIT_MSGQUEUE] = Both(MessageQueueBytes);
        limits._limits[RlimitResource.RLIMIT_NICE] = Both(0);
        limits._limits[RlimitResource.RLIMIT_RTPRIO] = Both(0);
        return limits;
    }

    public ResourceLimits Copy()
    {
        ResourceLimits copy = new();
        using (SpinLock.Guard guard = _lock.Acquire()) _limits.AsSpan().CopyTo(copy._limits);
        return copy;
    }

    public Rlimit Get(int resource) => Volatile.Read(ref _limits[resource]).ToLimit();

    /// <summary>The soft limit: the one that counts.</summary>
    public ulong Soft(int resource) => Volatile.Read(ref _limits[resource]).Soft;

    /// <summary>Replaces a pair; the check and the change are one step, or two threads could raise a hard
    /// limit together.</summary>
    /// <errors>EPERM: a higher hard limit without CAP_SYS_RESOURCE.</errors>
    public Errno Exchange(int resource, in Rlimit limit, Credentials authority, out Rlimit old)
    {
        Pair changed = new(limit.rlim_cur, limit.rlim_max);
        using (SpinLock.Guard guard = _lock.Acquire())
        {
            old = _limits[resource].ToLimit();
            if (limit.rlim_max > old.rlim_max && !authority.Has(Capability.CAP_SYS_RESOURCE)) return Errno.EPERM;
            Volatile.Write(ref _limits[resource], changed);
            return Errno.None;
        }
    }

    private static Pair Both(ulong value) => new(value, value);

    private sealed class Pair(ulong soft, ulong hard)
    {
        internal ulong Soft { get; } = soft;
        internal ulong Hard { get; } = hard;

        internal Rlimit ToLimit() => new() { rlim_cur = Soft, rlim_max = Hard };
    }
}
