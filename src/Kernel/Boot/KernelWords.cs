using System;

namespace Cashew.Kernel.Boot;

/// <summary>
/// Words that are a kernel's and not init's, though this kernel has no use for them: loaders and people say
/// them to every kernel, and no init expects to see them.
/// </summary>
/// <source>The kernel's command-line parameters, docs.kernel.org/admin-guide/kernel-parameters.html; what
/// Firecracker says by default.</source>
internal static class KernelWords
{
    private static readonly string[] s_words =
    [
        "acpi", "apic", "audit", "clocksource", "earlycon", "earlyprintk", "hpet", "idle", "ignore_loglevel", "initrd",
        "iommu", "ip", "lapic", "log_buf_len", "maxcpus", "mce", "mem", "memmap", "mitigations", "net", "nmi_watchdog",
        "noapic", "noexec", "nohz", "nokaslr", "nolapic", "nomodule", "nomodules", "nopti", "nopvspin", "noresume", "nosmap",
        "nosmep", "nosmp", "noxsave", "nr_cpus", "panic", "panic_on_oops", "pci", "printk", "pti", "raid", "reboot",
        "resume", "ro", "root", "rootdelay", "rootflags", "rootfstype", "rootwait", "rw", "security", "selinux",
        "spectre_v2", "swiotlb", "tsc", "virtio_mmio", "vga", "x2apic",
    ];

    internal static bool Contain(ReadOnlySpan<byte> name)
    {
        foreach (string word in s_words)
        {
            if (IsSame(name, word)) return true;
        }

        return false;
    }

    private static bool IsSame(ReadOnlySpan<byte> name, string word)
    {
        if (name.Length != word.Length) return false;
        for (int i = 0; i < word.Length; i++)
        {
            if (name[i] != word[i]) return false;
        }

        return true;
    }
}
