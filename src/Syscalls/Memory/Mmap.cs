using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Memory;
using Cashew.Processes;

namespace Cashew.Syscalls;

internal static class Mmap
{
    private const int KnownWithValidation = MmapBits.MAP_TYPE | MmapBits.MAP_FIXED | MmapBits.MAP_ANONYMOUS
        | MmapBits.MAP_32BIT | MmapBits.MAP_GROWSDOWN | MmapBits.MAP_DENYWRITE | MmapBits.MAP_EXECUTABLE
        | MmapBits.MAP_LOCKED | MmapBits.MAP_NORESERVE | MmapBits.MAP_POPULATE | MmapBits.MAP_NONBLOCK
        | MmapBits.MAP_STACK | MmapBits.MAP_FIXED_NOREPLACE | MmapBits.MAP_HUGETLB | HugeSizes;

    // The sizes that may go with MAP_HUGETLB, 2 MiB and 1 GiB; MAP_UNINITIALIZED is among their bits.
    private const int HugeSizes = (21 | 30) << 26;

    /// <summary>Maps a file or fresh memory.</summary>
    /// <errors>
    /// EINVAL: an offset off a page boundary, or neither private nor shared. EBADF: the descriptor.
    /// EOPNOTSUPP: an unknown flag with MAP_SHARED_VALIDATE. ENOMEM: MAP_HUGETLB (there are no huge pages of
    /// that kind). The rest: see <see cref="AddressSpace.TryMap"/>.
    /// </errors>
    /// <source>mmap(2)</source>
    internal static SyscallResult Invoke(
        UserThread caller, UserAddress address, ulong length, int protection, int flags, int fd, ulong offset)
    {
        if (offset % UserAddress.PageSizeBytes != 0) return Errno.EINVAL;
        int type = flags & MmapBits.MAP_TYPE;
        if (type is not (MmapBits.MAP_PRIVATE or MmapBits.MAP_SHARED or MmapBits.MAP_SHARED_VALIDATE)) return Errno.EINVAL;
        if (type == MmapBits.MAP_SHARED_VALIDATE && (flags & ~KnownWithValidation) != 0) return Errno.EOPNOTSUPP;
        if ((flags & MmapBits.MAP_HUGETLB) != 0) return Errno.ENOMEM;

        MapRequest request = new()
        {
            Address = address,
            LengthBytes = length,
            Rights = MemoryArguments.Rights(protection, caller),
            Flags = Decode(flags) | MemoryArguments.Permission(caller),
            FirstPage = (long)(offset / UserAddress.PageSizeBytes),
        };
        if ((flags & MmapBits.MAP_ANONYMOUS) != 0)
            return type == MmapBits.MAP_SHARED_VALIDATE ? Errno.EINVAL : Map(caller, request);

        if (!caller.Descriptors.TryUse(fd, out FileUse use, out Errno error)) return error;
        using (use)
        {
            if (use.File.IsPathOnly) return Errno.EBADF;
            request.File = use.File;
            return Map(caller, request);
        }
    }

    private static SyscallResult Map(UserThread caller, in MapRequest request) =>
        caller.Process.Memory!.TryMap(in request, out UserAddress at, out Errno error) ? (nint)at.Value : error;

    private static MapFlags Decode(int flags)
    {
        MapFlags decoded = MapFlags.None;
        if ((flags & MmapBits.MAP_TYPE) != MmapBits.MAP_PRIVATE) decoded |= MapFlags.Shared;
        if ((flags & MmapBits.MAP_FIXED) != 0) decoded |= MapFlags.Fixed;
        if ((flags & MmapBits.MAP_FIXED_NOREPLACE) != 0) decoded |= MapFlags.FixedNoReplace;
        if ((flags & MmapBits.MAP_GROWSDOWN) != 0) decoded |= MapFlags.GrowsDown;
        if ((flags & MmapBits.MAP_NORESERVE) != 0) decoded |= MapFlags.NoReserve;
        if ((flags & MmapBits.MAP_LOCKED) != 0) decoded |= MapFlags.Locked;
        if ((flags & MmapBits.MAP_32BIT) != 0) decoded |= MapFlags.Low2G;

        // With MAP_NONBLOCK, MAP_POPULATE does nothing.
        const int populates = MmapBits.MAP_POPULATE | MmapBits.MAP_NONBLOCK;
        if ((flags & populates) == MmapBits.MAP_POPULATE) decoded |= MapFlags.Populate;
        return decoded;
    }
}
