using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Memory;

namespace Cashew.Processes;

/// <summary>A segment of shared memory.</summary>
/// <locking>Its lock has the count of mappings and whether it is to go; mappings come and go under locks of
/// address spaces, so it spins.</locking>
/// <source>shmctl(2)</source>
public sealed class ShmSegment : IpcObject
{
    private readonly SpinLock _lock = new(LockRank.SharedSegment);
    private readonly int _creatorPid;

    // Protected by _lock.
    private long _mappings;
    private long _attachTime;
    private long _detachTime;
    private int _lastPid;
    private bool _isDoomed;
    private bool _isGone;

    private ShmSegment(int key, uint mode, Credentials creator, SharedMemory memory, ulong sizeBytes)
        : base(key, mode, creator)
    {
        Memory = memory;
        SizeBytes = sizeBytes;
        _creatorPid = CallerPid;
    }

    internal SharedMemory Memory { get; }

    internal ulong SizeBytes { get; }

    internal ulong Pages => PagesFor(SizeBytes);

    /// <summary>Of SHM_LOCK: who counts it; null when it is not locked. Under the lock of the
    /// table.</summary>
    internal uint? Locker { get; set; }

    private protected override uint StateBits =>
        (_isDoomed ? (uint)ShmBits.SHM_DEST : 0) | (Locker is null ? 0 : (uint)ShmBits.SHM_LOCKED);

    internal static ulong PagesFor(ulong bytes) =>
        bytes / UserAddress.PageSizeBytes + (bytes % UserAddress.PageSizeBytes == 0 ? 0UL : 1);

    /// <errors>ENOMEM.</errors>
    internal static bool TryCreate(
        int key, int flags, ulong sizeBytes, Credentials creator, [NotNullWhen(true)] out ShmSegment? segment)
    {
        segment = null;
        bool isPromised = (flags & ShmBits.SHM_NORESERVE) == 0 || Commitment.Mode == OvercommitMode.Never;
        if (!KernelObjects.MayCreateName()) return false;
        if (!SharedMemory.TryCreate((long)sizeBytes, isPromised, out SharedMemory? memory)) return false;
        segment = new ShmSegment(key, (uint)flags, creator, memory, sizeBytes);
        return true;
    }

    /// <summary>One more mapping. False when the last one of a removed segment has gone in the
    /// meantime.</summary>
    internal bool TryAddMapping()
    {
        long now = Now;
        int pid = CallerPid;
        using SpinLock.Guard guard = _lock.Acquire();
        if (_isGone) return false;
        _mappings++;
        _attachTime = now;
        _lastPid = pid;
        return true;
    }

    /// <summary>One mapping less. True for the last one of a removed segment: it goes now.</summary>
    /// <param name="isNoted">It was a program's, not an attempt to make one.</param>
    internal bool DropMapping(bool isNoted)
    {
        long now = Now;
        int pid = CallerPid;
        using SpinLock.Guard guard = _lock.Acquire();
        if (isNoted)
        {
            _detachTime = now;
            _lastPid = pid;
        }

        if (--_mappings != 0 || !_isDoomed) return false;
        _isGone = true;
        return true;
    }

    /// <summary>It is removed with its last mapping. True when there is none: it goes now.</summary>
    internal bool Doom()
    {
        using SpinLock.Guard guard = _lock.Acquire();
        _isDoomed = true;
        if (_mappings != 0 || _isGone) return false;
        _isGone = true;
        return true;
    }

    internal void Describe(out ShmidDs described)
    {
        described = default;
        Describe(out described.shm_perm);
        described.shm_segsz = SizeBytes;
        described.shm_ctime = ChangeTime;
        described.shm_cpid = _creatorPid;
        using SpinLock.Guard guard = _lock.Acquire();
        described.shm_atime = _attachTime;
        described.shm_dtime = _detachTime;
        described.shm_lpid = _lastPid;
        described.shm_nattch = (ulong)_mappings;
    }
}
