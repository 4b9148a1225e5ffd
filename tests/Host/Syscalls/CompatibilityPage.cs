using System;
using System.Collections.Generic;
using System.Reflection;
using System.Text;
using Cashew.Abi;
using Cashew.Syscalls;

namespace Cashew.Host.Syscalls;

/// <summary>docs/compatibility.md, written from the table that the kernel dispatches by.</summary>
internal static class CompatibilityPage
{
    private const string Head = """
        # System calls

        Every system call of x86-64 Linux up to 6.12, and what Cashew makes of it. This page is written from the
        kernel's own table of calls and checked by a test; do not edit it. After a change of the table:

            CASHEW_UPDATE=1 dotnet run --project tests/Host -- -method '*page_is_up_to_date*'

        - **full**: all that the manual page says, as far as it can matter on this machine.
        - **partial**: works but for what the note says. What is left out is refused with the errno that Linux has
          for it on a kernel or file system without the feature, or, where the note says so, has no effect.
        - **absent**: ENOSYS.
        - **never**: ENOSYS on Linux 6.12, too: calls that were removed, or were only ever a number.


        """;

    /// <summary>Numbers that Linux 6.12 answers with ENOSYS however it is configured.</summary>
    /// <source>syscalls(2), the column of versions; unimplemented(2).</source>
    private static readonly HashSet<int> s_never =
    [
        SyscallNumber._sysctl, SyscallNumber.create_module, SyscallNumber.get_kernel_syms,
        SyscallNumber.query_module, SyscallNumber.nfsservctl, SyscallNumber.getpmsg, SyscallNumber.putpmsg,
        SyscallNumber.afs_syscall, SyscallNumber.tuxcall, SyscallNumber.security, SyscallNumber.lookup_dcookie,
        SyscallNumber.epoll_ctl_old, SyscallNumber.epoll_wait_old, SyscallNumber.vserver,
    ];

    /// <summary>Every call that has a number, by number.</summary>
    internal static SortedDictionary<int, string> Names { get; } = ReadNames();

    internal static string Render(SyscallTable table)
    {
        StringBuilder lines = new();
        Dictionary<string, int> counts = [];
        foreach ((int number, string name) in Names)
        {
            string status = Status(table[number], number);
            string note = table[number]?.Note ?? "";
            lines.Append($"| {number} | `{name}` | {status} | {note.Replace("|", "\\|")} |\n");
            counts[status] = counts.GetValueOrDefault(status) + 1;
        }

        string sum = $"{counts["full"]} full, {counts["partial"]} partial, {counts["absent"]} absent, "
            + $"{counts["never"]} never: {Names.Count} in all.\n\n";
        const string Columns = "| number | call | status | note |\n|---:|---|---|---|\n";
        return Head.ReplaceLineEndings("\n") + sum + Columns + lines;
    }

    private static string Status(SyscallEntry? entry, int number)
    {
        if (entry is null) return s_never.Contains(number) ? "never" : "absent";
        return entry.Note.Length == 0 ? "full" : "partial";
    }

    private static SortedDictionary<int, string> ReadNames()
    {
        SortedDictionary<int, string> names = [];
        foreach (FieldInfo field in typeof(SyscallNumber).GetFields(BindingFlags.Public | BindingFlags.Static))
        {
            if (field.Name == nameof(SyscallNumber.Count)) continue;
            int number = (int)field.GetRawConstantValue()!;
            if (number >= SyscallTable.Length) continue; // later than 6.12
            bool isNew = names.TryAdd(number, field.Name);
            if (!isNew) throw new InvalidOperationException($"{number} has two names");
        }

        return names;
    }
}
