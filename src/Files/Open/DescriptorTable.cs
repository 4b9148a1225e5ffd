using System;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Threading;
using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Files;

/// <summary>The descriptors of a process: small numbers for open files. Threads share one.</summary>
/// <remarks>
/// A reader takes no lock: it loads the slot, takes a reference, and looks whether the slot still says the same.
/// A number is reserved first and filled later, so that nothing can fail once a file has been opened; between the two it is taken
/// and yet not open.
/// </remarks>
/// <locking>A spin lock for all changes. Growth allocates before it takes the lock. Files are released by
/// the caller, after the lock is gone: closing can sleep.</locking>
public sealed partial class DescriptorTable
{
    /// <summary>fs.nr_open: no process may have more, whatever its limit says.</summary>
    public const int MaxCount = 1 << 20;

    private const int InitialCount = 64;
    private const int BitsPerWord = 64;

    private readonly SpinLock _lock = new(LockRank.DescriptorTable);
    private ulong[] _taken;
    private ulong[] _closeOnExec;

    // No free number is below.
    private int _lowestFree;
    private int _users = 1;
    private LockOwner? _lockOwner;

    public DescriptorTable()
    {
        _slots = new OpenFile?[InitialCount];
        _taken = new ulong[InitialCount / BitsPerWord];
        _closeOnExec = new ulong[InitialCount / BitsPerWord];
    }

    /// <summary>Whether several processes or threads use it.</summary>
    public bool IsShared => Volatile.Read(ref _users) > 1;

    /// <summary>How many slots there are now: FDSize of /proc/PID/status.</summary>
    public int Capacity => Volatile.Read(ref _taken).Length * BitsPerWord;

    // ---- looking up -------------------------------------------------------------------------------------------

    /// <summary>The file for the length of a system call. O_PATH files are not for reading, writing and the like.</summary>
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

    /// <summary>The file with a reference, to be kept: for those who look at another process, and for descriptors in messages.</summary>
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
        if (Has(_closeOnExec, fd)) flags = FdFlags.CloseOnExec;
        return true;
    }

    /// <errors>EBADF.</errors>
    public bool TrySetFlags(int fd, FdFlags flags)
    {
        using SpinLock.Guard guard = _lock.Acquire();
        if (Load(fd) is null) return false;
        Put(_closeOnExec, fd, flags.IsCloseOnExec);
        return true;
    }

    // ---- words and bits -----------------------------------------------------------------------------------------

    private static bool Has(ulong[] bits, int index) => (bits[index / BitsPerWord] >> (index % BitsPerWord) & 1) != 0;

    private static void Put(ulong[] bits, int index, bool isSet)
    {
        ulong bit = 1UL << (index % BitsPerWord);
        if (isSet) bits[index / BitsPerWord] |= bit;
        else bits[index / BitsPerWord] &= ~bit;
    }

    private int FindFreeLocked(int from)
    {
        for (int word = from / BitsPerWord; word < _taken.Length; word++)
        {
            ulong free = ~_taken[word];
            if (word == from / BitsPerWord) free &= ulong.MaxValue << (from % BitsPerWord);
            if (free != 0) return word * BitsPerWord + BitOperations.TrailingZeroCount(free);
        }

        return _taken.Length * BitsPerWord;
    }
}
