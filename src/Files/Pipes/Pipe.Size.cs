using Cashew.Abi;
using Cashew.Memory;
using Cashew.Tasks;

namespace Cashew.Files;

/// <content>How many pages it may hold, and who answers for them.</content>
/// <source>fcntl(2), F_SETPIPE_SZ.</source>
internal sealed partial class Pipe
{
    // Whom the slots are charged to, under the lock; nobody while a FIFO has the usual size.
    private FileAccount? _account;

    internal long CapacityBytes => (long)_buffer.SlotCount * PipeBuffer.PageBytes;

    /// <summary>A new pipe, smaller than usual when the user has many.</summary>
    /// <errors>ENFILE: the user has too many.</errors>
    internal static Errno TryCreate(Credentials credentials, FileAccount account, out Pipe? pipe)
    {
        pipe = null;
        int slots = PipeBuffer.DefaultSlots;
        bool isBound = PipeLimits.Binds(credentials);
        long pages = account.AddPipePages(slots);
        if (isBound && PipeLimits.IsAboveSoft(pages))
        {
            pages = account.AddPipePages(PipeLimits.FewestSlots - slots);
            slots = PipeLimits.FewestSlots;
        }

        if (isBound && PipeLimits.IsAboveHard(pages))
        {
            _ = account.AddPipePages(-slots);
            return Errno.ENFILE;
        }

        pipe = new Pipe(slots) { _account = account };
        return Errno.None;
    }

    /// <errors>EINVAL: more than 2 GiB. EPERM: more than the user may have. EBUSY: more is in the pipe.
    /// ENOMEM.</errors>
    internal IoResult Resize(ulong bytes, Credentials credentials, FileAccount account)
    {
        if (bytes > 1UL << 31) return Errno.EINVAL;
        int slots = PipeLimits.SlotsFor(bytes);
        bool isBound = PipeLimits.Binds(credentials);
        bool isLarger = slots > _buffer.SlotCount;
        if (isBound && isLarger && (long)slots * PipeBuffer.PageBytes > PipeLimits.MaxBytes) return Errno.EPERM;
        if (!KernelObjects.MayCreateFile() || !LargeArray.TryReserve((long)slots * SlotBytes)) return Errno.ENOMEM;

        long pages = account.AddPipePages(slots);
        bool isRefused = isBound && isLarger && (PipeLimits.IsAboveSoft(pages) || PipeLimits.IsAboveHard(pages));
        if (isRefused || !TryReplaceBuffer(new PipeSegment[slots], account))
        {
            _ = account.AddPipePages(-slots);
            return isRefused ? Errno.EPERM : Errno.EBUSY;
        }

        _writers.WakeAll(WriteEvents);
        return CapacityBytes;
    }

    // What one takes in the heap.
    private const int SlotBytes = 16;

    private bool TryReplaceBuffer(PipeSegment[] slots, FileAccount account)
    {
        using SleepLock.Guard guard = _lock.Acquire();
        if (!_buffer.CanHaveSlots(slots.Length)) return false;
        UnchargeLocked();
        _account = account;
        _buffer.Resize(slots);
        return true;
    }

    private void UnchargeLocked() => _ = _account?.AddPipePages(-_buffer.SlotCount);

    /// <summary>What is left in a FIFO when nobody has it open is lost, and so is its size.</summary>
    private void EndIfUnusedLocked()
    {
        if (_readerCount > 0 || _writerCount > 0) return;
        _buffer.Clear();
        if (_account is null) return;
        UnchargeLocked();
        _account = null;
        if (_buffer.SlotCount != PipeBuffer.DefaultSlots) _buffer.Resize(new PipeSegment[PipeBuffer.DefaultSlots]);
    }
}
