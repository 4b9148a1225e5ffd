using System;
using Cashew.Files;

namespace Cashew.Processes;

/// <summary>What the kernel has and has not.</summary>
internal static class FeatureTexts
{
    /// <summary>The controllers of control groups; all in the one hierarchy of the second version, which is
    /// number 0.
    /// </summary>
    /// <source>cgroups(7), "/proc files".</source>
    internal static void AppendControllers(ByteBuilder text)
    {
        text.Append("#subsys_name\thierarchy\tnum_cgroups\tenabled\n"u8);
        AppendController(text, "memory"u8);
        AppendController(text, "pids"u8);
    }

    /// <source>proc_execdomains(5).</source>
    internal static void AppendDomains(ByteBuilder text) => text.Append("0-0\tLinux           \t[kernel]\n"u8);

    /// <source>proc_modules(5): none are loaded, and none can be.</source>
    internal static void AppendModules(ByteBuilder text)
    {
    }

    private static void AppendController(ByteBuilder text, ReadOnlySpan<byte> name) =>
        text.Append(name).Append("\t0\t"u8).Append((long)Cgroups.Root.DescendantCount + 1).Append("\t1\n"u8);
}
