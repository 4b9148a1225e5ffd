using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Memory;
using Cashew.Tasks;

namespace Cashew.Processes;

/// <summary>System V shared memory.</summary>
/// <source>shmget(2), shmop(2)</source>
public static class SharedSegments
{
    // Protected by the table's lock.
    private static ulong s_pages;

    internal static IpcTable<ShmSegment> Table { get; } = new();

    /// <summary>Pages of all segments together.</summary>
    internal static ulong Pages => s_pages;

    /// <summary>The id of the segment with a key, made if that is wanted.</summary>
    /// <errors>
    /// EINVAL: too small or too large, or larger than the one there is. EEXIST, ENOENT. EACCES. ENOSPC:
    /// shmmni or shmall. ENOMEM: not to be promised; SHM_HUGETLB, for no huge pages are set aside.
    /// </errors>
    /// <source>shmget(2)</source>
    public static SyscallResult Get(UserThread caller, int key, ulong sizeBytes, int flags)
    {
        Credentials credentials = caller.Credentials;
        using SleepLock.Guard guard = Table.Lock.Acquire();
        ShmSegment? found = Table.FindKeyLocked(key);
        if (key != ShmBits.IPC_PRIVATE)
        {
            Errno error = IpcRules.CheckExistence(found, flags);
            if (error != Errno.None) return error;
        }

        if (found is null) return CreateLocked(credentials, key, sizeBytes, flags);
        if (sizeBytes > found.SizeBytes) return Errno.EINVAL;
        return found.Allows(credentials, (uint)flags) ? found.Id : Errno.EACCES;
    }

    /// <summary>Maps a segment.</summary>
    /// <returns>Where.</returns>
    /// <errors>
    /// EINVAL: no such segment, an address off a page boundary, or something is there. EACCES. EIDRM. ENOMEM,
    /// and those of <see cref="AddressSpace.TryMap"/>.
    /// </errors>
    /// <source>shmat(2)</source>
    public static SyscallResult Attach(UserThread caller, int id, UserAddress at, int flags)
    {
        if (id < 0) return Errno.EINVAL;
        MapRequest request = new() { Address = at, Flags = MapFlags.Shared, Rights = PageRights.Read };
        Errno error = Place(ref request, flags);
        if (error != Errno.None) return error;

        uint wanted = IpcRules.ReadAll;
        bool isReadOnly = (flags & ShmBits.SHM_RDONLY) != 0;
        if (!isReadOnly)
        {
            request.Rights |= PageRights.Write;
            wanted |= IpcRules.WriteAll;
        }

        if ((flags & ShmBits.SHM_EXEC) != 0)
        {
            request.Rights |= PageRights.Execute;
            wanted |= IpcRules.ExecuteAll;
        }

        if (!Table.TryFind(id, out ShmSegment? segment, out error)) return error;
        if (!segment.Allows(caller.Credentials, wanted)) return Errno.EACCES;
        if (!KernelObjects.MayCreate()) return Errno.ENOMEM;
        return Map(caller, segment, isReadOnly, ref request);
    }

    /// <summary>Removes the segment, at once or with its last mapping.</summary>
    internal static void Remove(ShmSegment segment)
    {
        if (segment.Doom())
        {
            Destroy(segment);
            return;
        }

        using SleepLock.Guard guard = Table.Lock.Acquire();
        if (!segment.IsRemoved) Table.RemoveKeyLocked(segment);
    }

    /// <summary>Nobody has it mapped, and nobody can map it any more.</summary>
    internal static void Destroy(ShmSegment segment)
    {
        using (SleepLock.Guard guard = Table.Lock.Acquire())
        {
            Table.RemoveLocked(segment);
            s_pages -= segment.Pages;
            segment.Locker = null;
        }

        segment.Memory.ReleaseMapping();
    }

    private static SyscallResult CreateLocked(Credentials creator, int key, ulong sizeBytes, int flags)
    {
        if (sizeBytes == 0 || sizeBytes > IpcLimits.SegmentBytes) return Errno.EINVAL;
        ulong pages = ShmSegment.PagesFor(sizeBytes);
        if (pages > IpcLimits.SegmentPages || s_pages > IpcLimits.SegmentPages - pages) return Errno.ENOSPC;
        if (sizeBytes > long.MaxValue) return Errno.EINVAL;
        if ((flags & ShmBits.SHM_HUGETLB) != 0) return Errno.ENOMEM;
        if (!ShmSegment.TryCreate(key, flags, sizeBytes, creator, out ShmSegment? segment)) return Errno.ENOMEM;
        if (Table.Count >= int.Min(IpcLimits.Segments, IpcLimits.MostObjects))
        {
            segment.Memory.ReleaseMapping();
            return Errno.ENOSPC;
        }

        Table.AddLocked(segment);
        s_pages += pages;
        return segment.Id;
    }

    private static Errno Place(ref MapRequest request, int flags)
    {
        bool replaces = (flags & ShmBits.SHM_REMAP) != 0;
        if (request.Address.IsNull) return replaces ? Errno.EINVAL : Errno.None;
        if (request.Address.PageOffset != 0)
        {
            if ((flags & ShmBits.SHM_RND) == 0) return Errno.EINVAL;
            request.Address = request.Address.PageDown;
            if (request.Address.IsNull && replaces) return Errno.EINVAL;
        }

        request.Flags |= replaces ? MapFlags.Fixed : MapFlags.FixedNoReplace;
        return Errno.None;
    }

    private static SyscallResult Map(UserThread caller, ShmSegment segment, bool isReadOnly, ref MapRequest request)
    {
        ShmAttachment attachment = new(segment, isReadOnly);

        // Counts as a mapping until there is one, so that the segment does not go.
        if (!segment.TryAddMapping()) return Errno.EIDRM;
        request.File = attachment;
        request.LengthBytes = segment.SizeBytes;
        bool wraps = request.Address.Value > ulong.MaxValue - segment.SizeBytes;
        Errno error = Errno.EINVAL;
        UserAddress at = default;
        if (!wraps && caller.Process.Memory!.TryMap(in request, out at, out error)) attachment.MarkMapped();
        if (segment.DropMapping(isNoted: false)) Destroy(segment);

        if (error == Errno.EEXIST) return Errno.EINVAL;
        return error == Errno.None ? (nint)at.Value : error;
    }
}
