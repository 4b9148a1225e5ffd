using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Threading;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Runtime;

namespace Cashew.Files;

/// <content>What fork, exec and exit do with the whole table.</content>
public sealed partial class DescriptorTable
{
    /// <summary>One more process or thread uses it (CLONE_FILES).</summary>
    public void Retain() => _ = Interlocked.Increment(ref _users);

    /// <summary>One user less; the last one closes all.</summary>
    /// <locking>May sleep.</locking>
    public void Release()
    {
        if (Interlocked.Decrement(ref _users) != 0) return;
        CloseRange(0, int.MaxValue);
        Collector.NoteDropped((long)Capacity / DescriptorPiece.Count * DescriptorPiece.SizeBytes);
    }

    /// <summary>A table of its own with the same files, for fork. Numbers that are reserved but not open are
    /// not copied.</summary>
    /// <returns>False: no memory.</returns>
    public bool TryClone([NotNullWhen(true)] out DescriptorTable? copy)
    {
        // Another thread may make the table grow between the look and the lock: then once more.
        DescriptorTable made = new();
        copy = null;
        while (made.TryMakePiecesOf(this))
        {
            using SpinLock.Guard guard = _lock.Acquire();
            if (!made.HasPiecesOfLocked(this)) continue;
            CopyToLocked(made);
            copy = made;
            return true;
        }

        return false;
    }

    private void CopyToLocked(DescriptorTable copy)
    {
        for (int first = 0; NextUsedPiece(ref first) is DescriptorPiece piece; first += DescriptorPiece.Count)
        {
            DescriptorPiece copied = copy.PieceOf(first)!;
            for (ulong taken = piece.Taken; taken != 0; taken &= taken - 1)
            {
                int fd = first + BitOperations.TrailingZeroCount(taken);
                OpenFile? file = piece.Load(fd);
                if (file is null) continue;
                file.Retain();
                copied.Store(fd, file);
                copied.SetTaken(fd, true);
                copied.SetCloseOnExec(fd, piece.IsCloseOnExec(fd));
            }
        }

        copy._lowestFree = copy.FindFreeLocked(0);
    }

    /// <summary>Closes what is marked so, at a successful exec.</summary>
    /// <locking>May sleep.</locking>
    public void CloseOnExec()
    {
        // Whoever execs is the only thread left, so nobody makes it grow meanwhile.
        for (int first = 0; NextUsedPiece(ref first) is DescriptorPiece piece; first += DescriptorPiece.Count)
        {
            for (ulong marked = piece.CloseOnExec; marked != 0; marked &= marked - 1)
            {
                int fd = first + BitOperations.TrailingZeroCount(marked);
                if (TryRemove(fd, out OpenFile? file)) _ = Close(file);
            }
        }
    }

    /// <summary>Closes all from one number to another, both included (close_range(2)).</summary>
    /// <locking>May sleep.</locking>
    public void CloseRange(int first, int last)
    {
        for (int fd = NextOpen(first); fd >= 0 && fd <= last; fd = NextOpen(fd + 1))
        {
            if (TryRemove(fd, out OpenFile? file)) _ = Close(file);
        }
    }

    /// <summary>Marks all from one number to another (CLOSE_RANGE_CLOEXEC).</summary>
    public void MarkRange(int first, int last)
    {
        for (int fd = NextOpen(first); fd >= 0 && fd <= last; fd = NextOpen(fd + 1))
        {
            _ = TrySetFlags(fd, FdFlags.CloseOnExec);
        }
    }

    /// <summary>Ends the use of a file whose descriptor has been taken away.</summary>
    /// <returns>What <see cref="OpenFile.Flush"/> says: for whoever calls close(2), and lost
    /// otherwise.</returns>
    /// <locking>May sleep; called with no lock held.</locking>
    public Errno Close(OpenFile removed)
    {
        Errno error = removed.Flush();
        FileLocks.DescriptorClosed(removed, this);
        if (removed.AttachmentsOrNone is { } attachments) DirectoryWatch.DescriptorClosed(attachments, this);
        removed.Release();
        return error;
    }

    // ---- record locks
    // -----------------------------------------------------------------------------------------

    internal LockOwner? LockOwnerOrNone => Volatile.Read(ref _lockOwner);

    /// <summary>Who owns the record locks made through the table's descriptors: not the process, so that
    /// threads share them, and a forked child, which has a table of its own, has none.</summary>
    internal LockOwner LockOwner
        => LockOwnerOrNone
            ?? Interlocked.CompareExchange(ref _lockOwner, new LockOwner(isSearched: true), null)
            ?? _lockOwner!;
}
