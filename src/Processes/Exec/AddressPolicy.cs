namespace Cashew.Processes;

/// <summary>What the administrator has said of the layout of programs that start from now on.</summary>
/// <locking>Single words.</locking>
/// <source>proc_sys_kernel(5), proc_sys_vm(5).</source>
public static class AddressPolicy
{
    /// <summary>kernel.randomize_va_space: 0 nothing is random, 1 all but the heap, 2 all.</summary>
    /// <remarks>Linux takes any number: what is not 0 is random, what is more than 1 has a random
    /// heap.</remarks>
    public static int Randomization { get; set; } = 2;

    /// <summary>vm.legacy_va_layout: mappings go upward from a third of the address space.</summary>
    public static bool UsesLegacyLayout { get; set; }

    /// <summary>fs.suid_dumpable: the dumpable state of programs that run with more rights than their users
    /// have, or that these may not read.</summary>
    public static int DumpableOfPrivileged { get; set; }
}
