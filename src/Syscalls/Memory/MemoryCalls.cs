using Cashew.Abi;

namespace Cashew.Syscalls;

/// <summary>Mappings.</summary>
internal static class MemoryCalls
{
    internal static void AddTo(SyscallTable table)
    {
        table.Add(
            SyscallNumber.mmap, "mmap",
            static (caller, in a) => Mmap.Invoke(caller, a.A0, a.A1, a.A2, a.A3, a.A4, a.A5),
            "MAP_HUGETLB is refused with ENOMEM: no huge pages are set aside");
        table.Add(
            SyscallNumber.munmap, "munmap",
            static (caller, in a) => Mappings.Munmap(caller, a.A0, a.A1));
        table.Add(
            SyscallNumber.mprotect, "mprotect",
            static (caller, in a) => Mappings.Mprotect(caller, a.A0, a.A1, a.A2));
        table.Add(SyscallNumber.swapon, "swapon", static (caller, in a) => SwapCalls.On(caller, a.A0, a.A1));
        table.Add(SyscallNumber.swapoff, "swapoff", static (caller, in a) => SwapCalls.Off(caller, a.A0));
        table.Add(
            SyscallNumber.memfd_create, "memfd_create",
            static (caller, in a) => MemfdCreate.Invoke(caller, a.A0, a.A1),
            "no MFD_HUGETLB: no huge pages are set aside");
        table.Add(
            SyscallNumber.process_vm_readv, "process_vm_readv",
            static (caller, in a) => ProcessVm.Read(caller, a.A0, a.A1, a.A2, a.A3, a.A4, a.A5));
        table.Add(
            SyscallNumber.process_vm_writev, "process_vm_writev",
            static (caller, in a) => ProcessVm.Write(caller, a.A0, a.A1, a.A2, a.A3, a.A4, a.A5));
        table.Add(
            SyscallNumber.remap_file_pages, "remap_file_pages",
            static (caller, in a) => Mappings.RemapFilePages(caller, a.A0, a.A1, a.A2, a.A3));
        table.Add(
            SyscallNumber.process_madvise, "process_madvise",
            static (caller, in a) => ProcessVm.Advise(caller, a.A0, a.A1, a.A2, a.A3, a.A4));
        table.Add(SyscallNumber.brk, "brk", static (caller, in a) => Mappings.Brk(caller, a.A0));
        table.Add(
            SyscallNumber.mremap, "mremap",
            static (caller, in a) => Mappings.Mremap(caller, a.A0, a.A1, a.A2, a.A3, a.A4));
        table.Add(
            SyscallNumber.madvise, "madvise",
            static (caller, in a) => Mappings.Madvise(caller, a.A0, a.A1, a.A2),
            "no MADV_MERGEABLE, MADV_COLLAPSE, MADV_HWPOISON, MADV_SOFT_OFFLINE");
        table.Add(
            SyscallNumber.msync, "msync",
            static (caller, in a) => Mappings.Msync(caller, a.A0, a.A1, a.A2));
        table.Add(
            SyscallNumber.mincore, "mincore",
            static (caller, in a) => Mappings.Mincore(caller, a.A0, a.A1, a.A2));
        table.Add(
            SyscallNumber.mlock, "mlock",
            static (caller, in a) => Mappings.Mlock2(caller, a.A0, a.A1, 0));
        table.Add(
            SyscallNumber.mlock2, "mlock2",
            static (caller, in a) => Mappings.Mlock2(caller, a.A0, a.A1, a.A2));
        table.Add(
            SyscallNumber.munlock, "munlock",
            static (caller, in a) => Mappings.Munlock(caller, a.A0, a.A1));
        table.Add(
            SyscallNumber.mlockall, "mlockall",
            static (caller, in a) => Mappings.Mlockall(caller, a.A0));
        table.Add(
            SyscallNumber.munlockall, "munlockall",
            static (caller, in a) => Mappings.Munlockall(caller));
    }
}
