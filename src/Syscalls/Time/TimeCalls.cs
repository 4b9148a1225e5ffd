using Cashew.Abi;

namespace Cashew.Syscalls;

/// <summary>Clocks, sleeping and timers.</summary>
internal static class TimeCalls
{
    internal static void AddTo(SyscallTable table)
    {
        table.Add(
            SyscallNumber.clock_gettime, "clock_gettime",
            static (caller, in a) => ClockCalls.Gettime(caller, a.A0, a.A1));
        table.Add(
            SyscallNumber.clock_settime, "clock_settime",
            static (caller, in a) => ClockCalls.Settime(caller, a.A0, a.A1));
        table.Add(
            SyscallNumber.clock_getres, "clock_getres",
            static (caller, in a) => ClockCalls.Getres(caller, a.A0, a.A1));
        table.Add(
            SyscallNumber.clock_nanosleep, "clock_nanosleep",
            static (caller, in a) => Nanosleep.InvokeOn(caller, a.A0, a.A1, a.A2, a.A3));
        AddTimers(table);
        table.Add(
            SyscallNumber.nanosleep, "nanosleep",
            static (caller, in a) => Nanosleep.Invoke(caller, a.A0, a.A1));
        table.Add(
            SyscallNumber.gettimeofday, "gettimeofday",
            static (caller, in a) => TimeOfDay.Gettimeofday(a.A0, a.A1));
        table.Add(
            SyscallNumber.settimeofday, "settimeofday",
            static (caller, in a) => TimeOfDay.Settimeofday(caller, a.A0, a.A1),
            "a time zone is kept but does not move the clock");
        table.Add(SyscallNumber.time, "time", static (caller, in a) => TimeOfDay.Time(a.A0));
        table.Add(
            SyscallNumber.getitimer, "getitimer",
            static (caller, in a) => IntervalTimerCalls.Getitimer(caller, a.A0, a.A1));
        table.Add(
            SyscallNumber.setitimer, "setitimer",
            static (caller, in a) => IntervalTimerCalls.Setitimer(caller, a.A0, a.A1, a.A2));
        table.Add(SyscallNumber.alarm, "alarm", static (caller, in a) => IntervalTimerCalls.Alarm(caller, a.A0));
        table.Add(
            SyscallNumber.adjtimex, "adjtimex",
            static (caller, in a) => Adjtimex.Invoke(caller, a.A0),
            "reading only");
        table.Add(
            SyscallNumber.clock_adjtime, "clock_adjtime",
            static (caller, in a) => Adjtimex.InvokeOn(caller, a.A0, a.A1),
            "reading only");
    }

    private static void AddTimers(SyscallTable table)
    {
        table.Add(
            SyscallNumber.timer_create, "timer_create",
            static (caller, in a) => TimerCalls.Create(caller, a.A0, a.A1, a.A2));
        table.Add(
            SyscallNumber.timer_settime, "timer_settime",
            static (caller, in a) => TimerCalls.Settime(caller, a.A0, a.A1, a.A2, a.A3));
        table.Add(
            SyscallNumber.timer_gettime, "timer_gettime",
            static (caller, in a) => TimerCalls.Gettime(caller, a.A0, a.A1));
        table.Add(
            SyscallNumber.timer_getoverrun, "timer_getoverrun",
            static (caller, in a) => TimerCalls.Getoverrun(caller, a.A0));
        table.Add(
            SyscallNumber.timer_delete, "timer_delete",
            static (caller, in a) => TimerCalls.Delete(caller, a.A0));
    }
}
