using System.Runtime.CompilerServices;
using Cashew.Machine;

namespace Cashew.Tasks;

/// <summary>What processors did with their time. Idle time is exact; the rest goes to the side that is found
/// running when the hardware timer goes off, or to programs when somebody asks first: what has once been told
/// only grows.</summary>
/// <source>proc_stat(5), the lines of processors.</source>
[EagerStaticClassConstruction] // interrupt handlers come here
public static class ProcessorTimes
{
    private static readonly PerCpu<Share> s_shares = new(static _ => new Share());

    public readonly struct Split
    {
        public Nanoseconds User { get; internal init; }
        public Nanoseconds System { get; internal init; }
        public Nanoseconds Idle { get; internal init; }
    }

    public static Split Of(int cpu)
    {
        Share share = s_shares[cpu];
        using SpinLock.Guard guard = share.Lock.Acquire();
        Nanoseconds idle = ChargeLocked(share, cpu, wasInUser: true);
        return new Split { User = share.User, System = share.System, Idle = idle };
    }

    /// <summary>Interrupt context.</summary>
    internal static void Sample(bool wasInUser)
    {
        int cpu = Cpu.CurrentId;
        Share share = s_shares[cpu];
        using SpinLock.Guard guard = share.Lock.Acquire();
        _ = ChargeLocked(share, cpu, wasInUser);
    }

    private static Nanoseconds ChargeLocked(Share share, int cpu, bool wasInUser)
    {
        Nanoseconds idle = Scheduler.IdleTimeOf(cpu);
        Nanoseconds busy = Clock.Monotonic - idle;
        Nanoseconds uncharged = busy - share.User - share.System;
        if (uncharged <= Nanoseconds.Zero) return idle;
        if (wasInUser) share.User += uncharged;
        else share.System += uncharged;
        return idle;
    }

    private sealed class Share
    {
        internal readonly SpinLock Lock = new(LockRank.ProcessorTimes);
        internal Nanoseconds User;
        internal Nanoseconds System;
    }
}
