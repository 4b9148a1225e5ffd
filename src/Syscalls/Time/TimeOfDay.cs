using Cashew.Abi;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>The time of day as older programs ask for it.</summary>
internal static class TimeOfDay
{
    private const int MostMinutesWest = 15 * 60;

    /// <errors>EFAULT.</errors>
    /// <source>gettimeofday(2)</source>
    internal static SyscallResult Gettimeofday(UserAddress timeAddress, UserAddress zoneAddress)
    {
        if (!timeAddress.IsNull && !UserMemory.TryWrite(timeAddress, ClockTicks.ToTimeval(Clock.Realtime)))
            return Errno.EFAULT;
        if (zoneAddress.IsNull) return 0;

        long zone = Clock.TimeZone;
        Timezone told = new() { tz_minuteswest = (int)zone, tz_dsttime = (int)(zone >> 32) };
        return UserMemory.TryWrite(zoneAddress, told) ? 0 : Errno.EFAULT;
    }

    /// <errors>EFAULT. EINVAL: a bad time or zone. EPERM: no CAP_SYS_TIME.</errors>
    /// <source>settimeofday(2)</source>
    /// <deviation>On Linux the first call with a zone and no time takes the clock for local time and corrects
    /// it. Here the hardware's clock is UTC.</deviation>
    internal static SyscallResult Settimeofday(UserThread caller, UserAddress timeAddress, UserAddress zoneAddress)
    {
        Nanoseconds wanted = default;
        Timezone zone = default;
        if (!timeAddress.IsNull)
        {
            if (!UserMemory.TryRead(timeAddress, out Timeval time)) return Errno.EFAULT;
            if (!ClockTicks.TryConvert(time, out wanted)) return Errno.EINVAL;
        }

        if (!zoneAddress.IsNull && !UserMemory.TryRead(zoneAddress, out zone)) return Errno.EFAULT;
        if (!caller.Credentials.Has(Capability.CAP_SYS_TIME)) return Errno.EPERM;
        if (zone.tz_minuteswest is < -MostMinutesWest or > MostMinutesWest) return Errno.EINVAL;

        Errno error = timeAddress.IsNull ? Errno.None : ClockCalls.SetRealtime(caller, wanted);
        if (error == Errno.None && !zoneAddress.IsNull)
            Clock.TimeZone = (uint)zone.tz_minuteswest | (long)zone.tz_dsttime << 32;
        return error;
    }

    /// <errors>EFAULT.</errors>
    /// <source>time(2)</source>
    internal static SyscallResult Time(UserAddress result)
    {
        long seconds = Clock.Realtime.Value / Nanoseconds.PerSecond;
        return result.IsNull || UserMemory.TryWrite(result, seconds) ? seconds : Errno.EFAULT;
    }
}
