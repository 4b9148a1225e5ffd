using Cashew.Abi;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>Users, groups, capabilities, process groups and sessions.</summary>
internal static class IdentityCalls
{
    internal static void AddTo(SyscallTable table)
    {
        table.Add(SyscallNumber.getuid, "getuid", static (caller, in a) => caller.Credentials.Uid);
        table.Add(SyscallNumber.geteuid, "geteuid", static (caller, in a) => caller.Credentials.Euid);
        table.Add(SyscallNumber.getgid, "getgid", static (caller, in a) => caller.Credentials.Gid);
        table.Add(SyscallNumber.getegid, "getegid", static (caller, in a) => caller.Credentials.Egid);
        table.Add(
            SyscallNumber.getresuid, "getresuid",
            static (caller, in a) => IdCalls.GetThree(Identity.Users(caller.Credentials), a.A0, a.A1, a.A2));
        table.Add(
            SyscallNumber.getresgid, "getresgid",
            static (caller, in a) => IdCalls.GetThree(Identity.Groups(caller.Credentials), a.A0, a.A1, a.A2));
        table.Add(SyscallNumber.setuid, "setuid", static (caller, in a) => Identity.SetUser(caller, a.A0));
        table.Add(SyscallNumber.setgid, "setgid", static (caller, in a) => Identity.SetGroup(caller, a.A0));
        table.Add(
            SyscallNumber.setreuid, "setreuid",
            static (caller, in a) => Identity.SetUsers(caller, a.A0, a.A1));
        table.Add(
            SyscallNumber.setregid, "setregid",
            static (caller, in a) => Identity.SetGroups(caller, a.A0, a.A1));
        table.Add(
            SyscallNumber.setresuid, "setresuid",
            static (caller, in a) => Identity.SetUsers(caller, a.A0, a.A1, a.A2));
        table.Add(
            SyscallNumber.setresgid, "setresgid",
            static (caller, in a) => Identity.SetGroups(caller, a.A0, a.A1, a.A2));
        table.Add(
            SyscallNumber.setfsuid, "setfsuid",
            static (caller, in a) => (int)Identity.SetFileUser(caller, a.A0));
        table.Add(
            SyscallNumber.setfsgid, "setfsgid",
            static (caller, in a) => (int)Identity.SetFileGroup(caller, a.A0));
        table.Add(
            SyscallNumber.getgroups, "getgroups",
            static (caller, in a) => IdCalls.Getgroups(caller, a.A0, a.A1));
        table.Add(
            SyscallNumber.setgroups, "setgroups",
            static (caller, in a) => IdCalls.Setgroups(caller, a.A0, a.A1));
        table.Add(
            SyscallNumber.capget, "capget",
            static (caller, in a) => CapabilityCalls.Capget(caller, a.A0, a.A1));
        table.Add(
            SyscallNumber.capset, "capset",
            static (caller, in a) => CapabilityCalls.Capset(caller, a.A0, a.A1));
        table.Add(
            SyscallNumber.getpgid, "getpgid",
            static (caller, in a) => SessionCalls.Getpgid(caller, a.A0));
        table.Add(SyscallNumber.getpgrp, "getpgrp", static (caller, in a) => caller.Process.Group.Id);
        table.Add(
            SyscallNumber.setpgid, "setpgid",
            static (caller, in a) => ProcessGroups.SetGroup(caller.Process, a.A0, a.A1));
        table.Add(SyscallNumber.getsid, "getsid", static (caller, in a) => SessionCalls.Getsid(caller, a.A0));
        table.Add(SyscallNumber.setsid, "setsid", static (caller, in a) => SessionCalls.Setsid(caller));
    }
}
