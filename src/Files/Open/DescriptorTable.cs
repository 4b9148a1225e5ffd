using System.Diagnostics.CodeAnalysis;
using System.Threading;
using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Files;

/// <summary>The descriptors of a process: small numbers for open files. Threads share one.</summary>
/// <remarks>
/// A reader takes no lock: it loads the slot, takes a reference, and looks whether the slot still says the
/// same. A number is reserved first and filled later, so that nothing can fail once a file has been opened;
/// between the two it is taken and yet not open.
/// </remarks>
/// <locking>A spin lock for all changes. Growth allocates before it takes the lock. Files are released by
/// the caller, after the lock is gone: closing can sleep.</locking>
public sealed partial class DescriptorTable
{
    /// <summary>fs.nr_open: no process may have more, whatever its limit says.</summary>
    public const int MaxCount = 1 << 20;

    private readonly SpinLock _lock = new(LockRank.DescriptorTable);

    // No free number is below.
    private int _lowestFree;
    private int _users = 1;
    private LockOwner? _lockOwner;

    /// <summary>Whether several processes or threads use it.</summary>
    public bool IsShared => Volatile.Read(ref _users) > 1;

    // ---- looking up
    // -------------------------------------------------------------------------------------------

    /// <summary>The file for the length of a system call. O_PATH files are not for reading, writing and the
    /// like.</summary>
    /// <errors>EBADF: not open, or opened with O_PATH.</errors>
    public bool TryUse(int fd, out FileUse use, out Errno error)
    {
        if (!TryUseAny(fd, out use, out error)) return false;
        if (!use.File.IsPathOnly) return true;

        use.Dispose();
        use = default;
        error = Errno.EBADF;
        return false;
    }

    /// <summary>The same, with O_PATH files too: for fstat, fchdir, the *at calls, dup and close.</summary>
    public bool TryUseAny(int fd, out FileUse use, out Errno error)
    {
        error = Errno.None;
        while (true)
        {
            OpenFile? file = Load(fd);
            if (file is null) break;
            if (!IsShared)
            {
                use = new FileUse(file, isHeld: false);
                return true;
            }

            if (!file.TryRetain()) continue;
            if (ReferenceEquals(file, Load(fd)))
            {
                use = new FileUse(file, isHeld: true);
                return true;
            }

            // Closed, and perhaps given out again, between the two looks.
            file.Release();
        }

        use = default;
        error = Errno.EBADF;
        return false;
    }

    /// <summary>The file with a reference, to be kept: for those who look at another process, and for
    /// descriptors in messages.</summary>
    public bool TryGet(int fd, [NotNullWhen(true)] out OpenFile? file)
    {
        while ((file = Load(fd)) is not null)
        {
            if (!file.TryRetain()) continue;
            if (ReferenceEquals(file, Load(fd))) return true;
            file.Release();
        }

        return false;
    }

    /// <summary>Whether a descriptor is still open for a file.</summary>
    public bool Refers(int fd, OpenFile file) => ReferenceEquals(Load(fd), file);

    /// <errors>EBADF.</errors>
    public bool TryGetFlags(int fd, out FdFlags flags)
    {
        using SpinLock.Guard guard = _lock.Acquire();
        flags = FdFlags.None;
        if (Load(fd) is null) return false;
        if (PieceOf(fd)!.IsCloseOnExec(fd)) flags = FdFlags.CloseOnExec;
        return true;
    }

    /// <errors>EBADF.</errors>
    public bool TrySetFlags(int fd, FdFlags flags)
    {
        using SpinLock.Guard guard = _lock.Acquire();
        if (Load(fd) is null) return false;
        PieceOf(fd)!.SetCloseOnExec(fd, flags.IsCloseOnExec);
        return true;
    }
}
