using Cashew.Abi;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>The discipline of the clock: there is none, and that can be read.</summary>
internal static class Adjtimex
{
    // What a clock says that nobody has ever disciplined: adjtimex(2), in microseconds and 2^-16 parts per
    // million.
    private const long UnknownErrorUs = 16_000_000;
    private const long TickUs = 10_000;
    private const long ToleranceScaled = 500 << 16;

    /// <summary>The result is the state of the clock.</summary>
    /// <errors>EFAULT. EPERM: a change without CAP_SYS_TIME. EINVAL: a change, since there is nothing to
    /// change.</errors>
    /// <source>adjtimex(2)</source>
    internal static SyscallResult Invoke(UserThread caller, UserAddress address)
    {
        if (!UserMemory.TryRead(address, out Timex timex)) return Errno.EFAULT;
        if (timex.modes != 0)
        {
            if (!caller.Credentials.Has(Capability.CAP_SYS_TIME)) return Errno.EPERM;
            Unsupported.Use(caller, "adjtimex", timex.modes);
            return Errno.EINVAL;
        }

        Timex told = new()
        {
            maxerror = UnknownErrorUs,
            esterror = UnknownErrorUs,
            status = TimerBits.STA_UNSYNC,
            precision = 1,
            tolerance = ToleranceScaled,
            tick = TickUs,
            time = ClockTicks.ToTimeval(Clock.Realtime),
        };
        return UserMemory.TryWrite(address, told) ? TimerBits.TIME_ERROR : Errno.EFAULT;
    }

    /// <errors>EINVAL: no such clock. EOPNOTSUPP: not the time of day. The rest: as adjtimex.</errors>
    /// <source>clock_adjtime(2)</source>
    internal static SyscallResult InvokeOn(UserThread caller, int clock, UserAddress address)
    {
        if (clock == ClockId.CLOCK_REALTIME) return Invoke(caller, address);
        return UserClock.TryRead(caller, clock, out _) ? Errno.EOPNOTSUPP : Errno.EINVAL;
    }
}
