using Cashew.Abi;

namespace Cashew.Files;

/// <summary>Advisory locks on files: they keep nobody from reading or writing, only from locking.</summary>
/// <errors>Of all that set: EAGAIN: another's lock is in the way. EDEADLK: waiting for it would never end.
/// ERESTARTSYS: a signal came first. ENOLCK: the user has too many.</errors>
/// <locking>May sleep; called with no lock held.</locking>
/// <source>fcntl(2), flock(2).</source>
public static class FileLocks
{
    /// <summary>F_SETLK, F_SETLKW: a lock of everybody who uses the descriptor table.</summary>
    public static Errno SetForTable(OpenFile file, DescriptorTable table, in LockRequest request)
    {
        if (request.Type == LockType.None && file.Inode.LocksOrNone is null) return Errno.None;
        return file.Inode.Locks.Records.Set(table.LockOwner, request, convertsInOneStep: true);
    }

    /// <summary>F_OFD_SETLK, F_OFD_SETLKW: a lock of everybody who uses the open file.</summary>
    public static Errno SetForFile(OpenFile file, in LockRequest request)
    {
        if (request.Type == LockType.None && file.Inode.LocksOrNone is null) return Errno.None;
        return file.Inode.Locks.Records.Set(file.Attachments.LockOwner, request, convertsInOneStep: true);
    }

    /// <summary>flock(2).</summary>
    public static Errno SetWhole(OpenFile file, in LockRequest request)
    {
        if (request.Type == LockType.None && file.Inode.LocksOrNone is null) return Errno.None;
        return file.Inode.Locks.Whole.Set(file.Attachments.LockOwner, request, convertsInOneStep: false);
    }

    /// <summary>F_GETLK: a lock that would keep the table from one.</summary>
    public static bool TryFindForTable(
        OpenFile file, DescriptorTable table, in LockRequest request, out LockRequest other)
    {
        other = default;
        return file.Inode.LocksOrNone?.Records.TryFind(table.LockOwner, request, out other) ?? false;
    }

    /// <summary>F_OFD_GETLK: a lock that would keep the open file from one.</summary>
    public static bool TryFindForFile(OpenFile file, in LockRequest request, out LockRequest other)
    {
        other = default;
        return file.Inode.LocksOrNone?.Records.TryFind(file.Attachments.LockOwner, request, out other) ?? false;
    }

    /// <summary>A descriptor of the table for the file has been closed: with any of them, all of the table's
    /// locks on the file go, whichever descriptor they were made with.</summary>
    /// <source>fcntl(2): "a process's locks are lost if it closes any file descriptor referring to the
    /// file".</source>
    internal static void DescriptorClosed(OpenFile file, DescriptorTable table)
    {
        if (table.LockOwnerOrNone is LockOwner owner && file.Inode.LocksOrNone is { Records.IsEmpty: false } locks)
        {
            locks.Records.Drop(owner);
        }
    }

    /// <summary>Nobody has the open file any more.</summary>
    internal static void FileClosed(OpenFile file, LockOwner owner)
    {
        if (file.Inode.LocksOrNone is not InodeLocks locks) return;
        locks.Records.Drop(owner);
        locks.Whole.Drop(owner);
    }
}
