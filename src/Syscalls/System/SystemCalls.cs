using Cashew.Abi;

namespace Cashew.Syscalls;

/// <summary>The system as a whole.</summary>
internal static class SystemCalls
{
    internal static void AddTo(SyscallTable table)
    {
        table.Add(SyscallNumber.uname, "uname", static (caller, in a) => NameCalls.Uname(caller, a.A0));
        table.Add(
            SyscallNumber.sethostname, "sethostname",
            static (caller, in a) => NameCalls.Sethostname(caller, a.A0, a.A1));
        table.Add(
            SyscallNumber.setdomainname, "setdomainname",
            static (caller, in a) => NameCalls.Setdomainname(caller, a.A0, a.A1));
        table.Add(SyscallNumber.sysinfo, "sysinfo", static (caller, in a) => SysinfoCall.Invoke(a.A0));
        table.Add(
            SyscallNumber.syslog, "syslog",
            static (caller, in a) => SyslogCall.Invoke(caller, a.A0, a.A1, a.A2));
        table.Add(
            SyscallNumber.reboot, "reboot",
            static (caller, in a) => RebootCall.Invoke(caller, a.A0, a.A1, a.A2, a.A3),
            "no suspend, no kexec");
        table.Add(
            SyscallNumber.getrandom, "getrandom",
            static (caller, in a) => Getrandom.Invoke(caller, a.A0, a.A1, a.A2));
    }
}
