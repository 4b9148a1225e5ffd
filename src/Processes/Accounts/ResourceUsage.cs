using System;
using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>Time and faults, of a thread, a process or all its children.</summary>
public struct ResourceUsage
{
    public Nanoseconds UserTime;
    public Nanoseconds SystemTime;
    public long MinorFaults;
    public long MajorFaults;
    public long VoluntarySwitches;
    public long InvoluntarySwitches;
    public long PeakResidentPages;

    public static ResourceUsage Of(UserThread thread) => new()
    {
        UserTime = thread.UserTime,
        SystemTime = thread.SystemTime,
        MinorFaults = thread.MinorFaults,
        MajorFaults = thread.MajorFaults,
        VoluntarySwitches = thread.VoluntarySwitches,
        InvoluntarySwitches = thread.InvoluntarySwitches,
    };

    public readonly Nanoseconds CpuTime => UserTime + SystemTime;

    /// <summary>What has been added since an earlier moment.</summary>
    internal readonly ResourceUsage Since(in ResourceUsage before) => new()
    {
        UserTime = UserTime - before.UserTime,
        SystemTime = SystemTime - before.SystemTime,
        MinorFaults = MinorFaults - before.MinorFaults,
        MajorFaults = MajorFaults - before.MajorFaults,
    };

    public void Add(in ResourceUsage other)
    {
        UserTime += other.UserTime;
        SystemTime += other.SystemTime;
        MinorFaults += other.MinorFaults;
        MajorFaults += other.MajorFaults;
        VoluntarySwitches += other.VoluntarySwitches;
        InvoluntarySwitches += other.InvoluntarySwitches;
        NotePeak(other.PeakResidentPages);
    }

    public void NotePeak(long pages) => PeakResidentPages = Math.Max(PeakResidentPages, pages);

    /// <summary>As getrusage(2) and wait4(2) lay it out.</summary>
    public readonly Rusage ToRusage() => new()
    {
        ru_utime = ClockTicks.ToTimeval(UserTime),
        ru_stime = ClockTicks.ToTimeval(SystemTime),
        ru_maxrss = PeakResidentPages * (UserAddress.PageSizeBytes / 1024),
        ru_minflt = MinorFaults,
        ru_majflt = MajorFaults,
        ru_nvcsw = VoluntarySwitches,
        ru_nivcsw = InvoluntarySwitches,
    };
}
