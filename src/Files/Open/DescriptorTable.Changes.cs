using System;
using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Files;

/// <content>Giving numbers out and taking them back.</content>
public sealed partial class DescriptorTable
{
    /// <summary>Takes the lowest free number, not yet open.</summary>
    /// <param name="limit">RLIMIT_NOFILE: one more than the highest number allowed.</param>
    /// <errors>EMFILE: there is none below the limit. ENOMEM.</errors>
    public bool TryReserve(int limit, FdFlags flags, out int fd, out Errno error)
        => TryReserve(0, limit, flags, out fd, out error);

    /// <summary>The same, not below a number (F_DUPFD).</summary>
    /// <errors>EINVAL: the lowest is not below the limit.</errors>
    public bool TryReserve(int lowest, int limit, FdFlags flags, out int fd, out Errno error)
    {
        limit = Math.Min(limit, MaxCount);
        error = Errno.EMFILE;
        while (true)
        {
            using (_lock.Acquire())
            {
                fd = FindFreeLocked(Math.Max(lowest, _lowestFree));
                if (fd >= limit) return false;
                if (PieceOf(fd) is DescriptorPiece piece)
                {
                    if (lowest <= _lowestFree) _lowestFree = fd + 1;
                    piece.SetTaken(fd, true);
                    piece.SetCloseOnExec(fd, flags.IsCloseOnExec);
                    error = Errno.None;
                    return true;
                }
            }

            if (!TryGrow(fd))
            {
                error = Errno.ENOMEM;
                return false;
            }
        }
    }

    /// <summary>Opens a reserved number. The file's reference becomes the table's.</summary>
    public void Install(int fd, OpenFile file)
    {
        using SpinLock.Guard guard = _lock.Acquire();
        PieceOf(fd)!.Store(fd, file);
    }

    /// <summary>Gives a reserved number back that was not needed after all.</summary>
    public void CancelReservation(int fd)
    {
        using SpinLock.Guard guard = _lock.Acquire();
        FreeLocked(fd);
    }

    /// <summary>Reserves and opens in one step, when the file exists already.</summary>
    /// <errors>EMFILE. The file stays the caller's.</errors>
    public bool TryAdd(OpenFile file, int limit, FdFlags flags, out int fd, out Errno error)
    {
        if (!TryReserve(limit, flags, out fd, out error)) return false;
        Install(fd, file);
        return true;
    }

    /// <summary>Takes a descriptor away; the caller releases the file.</summary>
    /// <errors>EBADF (false): it is not open.</errors>
    public bool TryRemove(int fd, [NotNullWhen(true)] out OpenFile? file)
    {
        using SpinLock.Guard guard = _lock.Acquire();
        file = Load(fd);
        if (file is null) return false;
        FreeLocked(fd);
        return true;
    }

    /// <summary>Another number, the lowest free, for the same file.</summary>
    /// <errors>EBADF, EMFILE, EINVAL (fcntl(2), F_DUPFD: the lowest is not below the limit).</errors>
    public bool TryDuplicate(int oldFd, int lowest, int limit, FdFlags flags, out int fd, out Errno error)
    {
        fd = -1;
        if (!TryGet(oldFd, out OpenFile? file))
        {
            error = Errno.EBADF;
            return false;
        }

        error = Errno.EINVAL;
        if (lowest >= 0 && lowest < limit && TryReserve(lowest, limit, flags, out fd, out error))
        {
            Install(fd, file);
            return true;
        }

        file.Release();
        return false;
    }

    /// <summary>A chosen number for the same file; what it was open for is handed out to be
    /// released.</summary>
    /// <errors>
    /// EBADF: the old one is not open, or the new one is negative or not below the limit. EBUSY: the new one
    /// is just being opened by another thread (dup(2), race with open). ENOMEM.
    /// </errors>
    public bool TryReplace(int oldFd, int newFd, int limit, FdFlags flags, out OpenFile? replaced, out Errno error)
    {
        replaced = null;
        error = Errno.EBADF;
        if (newFd < 0 || newFd >= Math.Min(limit, MaxCount)) return false;

        while (Load(oldFd) is not null)
        {
            if (!TryGrow(newFd))
            {
                error = Errno.ENOMEM;
                return false;
            }

            using SpinLock.Guard guard = _lock.Acquire();
            if (Load(oldFd) is OpenFile file) return TryReplaceLocked(file, newFd, flags, out replaced, out error);
        }

        return false;
    }

    private bool TryReplaceLocked(
        OpenFile file, int newFd, FdFlags flags, out OpenFile? replaced, out Errno error)
    {
        replaced = Load(newFd);
        DescriptorPiece piece = PieceOf(newFd)!;
        if (replaced is null && piece.IsTaken(newFd))
        {
            error = Errno.EBUSY;
            return false;
        }

        // Under the lock the slot holds a reference, so the file is alive.
        file.Retain();
        piece.SetTaken(newFd, true);
        piece.SetCloseOnExec(newFd, flags.IsCloseOnExec);
        piece.Store(newFd, file);
        error = Errno.None;
        return true;
    }

    private void FreeLocked(int fd)
    {
        DescriptorPiece piece = PieceOf(fd)!;
        piece.Store(fd, null);
        piece.SetTaken(fd, false);
        piece.SetCloseOnExec(fd, false);
        if (fd < _lowestFree) _lowestFree = fd;
    }
}
