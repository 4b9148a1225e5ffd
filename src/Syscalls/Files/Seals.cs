using Cashew.Abi;
using Cashew.Files;
using Cashew.Memory;

namespace Cashew.Syscalls;

/// <summary>F_ADD_SEALS and F_GET_SEALS.</summary>
internal static class Seals
{
    /// <errors>EINVAL: not a file that can be sealed.</errors>
    /// <source>fcntl(2)</source>
    internal static SyscallResult Get(OpenFile file) =>
        Of(file) is PageCache contents ? (int)contents.Seals : Errno.EINVAL;

    /// <errors>EINVAL: not a file that can be sealed, or an unknown seal. EPERM: not open for writing, or
    /// sealed against seals. EBUSY: sealed against writing while it is mapped for that.</errors>
    /// <source>fcntl(2)</source>
    internal static SyscallResult Add(OpenFile file, ulong seals)
    {
        if (!file.CanWrite) return Errno.EPERM;
        if (Of(file) is not PageCache contents) return Errno.EINVAL;
        return (seals & ~(ulong)FileSeals.All) != 0 ? Errno.EINVAL : contents.AddSeals((FileSeals)seals);
    }

    private static PageCache? Of(OpenFile file) => (file.Inode as PagedInode)?.SealableContents;
}
