using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>
/// A thread's area for restartable sequences: short pieces of code that a program declares, and that begin
/// anew when the thread was not alone on its processor in between. The kernel keeps the number of the
/// processor there.
/// </summary>
/// <remarks>
/// Every switch of threads brings the thread past <see cref="Resume"/> before it is back in its program, and
/// so does nothing else that matters here but signals. Whether there was a switch is in the counts of them.
/// </remarks>
/// <locking>Belongs to its thread.</locking>
/// <source>rseq(2) in the manual pages of librseq, linux/rseq.h.</source>
public sealed class RestartableSequence
{
    /// <summary>The area must be aligned so, and is as long; later kernels have more.</summary>
    public const int AreaBytes = 32;

    // struct rseq.
    private const ulong NumberAtStartOffset = 0;
    private const ulong NumberOffset = 4;
    private const ulong SequenceOffset = 8;
    private const ulong FlagsOffset = 16;

    // No count of switches is negative, and no processor has this number.
    private const long NeverSeen = -1;
    private const uint NoProcessor = uint.MaxValue;

    private long _seenSwitches;
    private uint _toldProcessor = NoProcessor;

    private RestartableSequence(UserAddress area, uint signature, long seenSwitches)
    {
        Area = area;
        Signature = signature;
        _seenSwitches = seenSwitches;
    }

    public UserAddress Area { get; }

    /// <summary>What must be before the place where an aborted sequence goes on, so that nobody can make the
    /// kernel jump elsewhere.</summary>
    public uint Signature { get; }

    /// <summary>From now on the thread has sequences; the processor's number is written on the way
    /// out.</summary>
    /// <errors>EINVAL: another area, size or flag. EPERM: another signature. EBUSY: it is registered. EFAULT.
    /// </errors>
    public static Errno Register(UserThread caller, UserAddress area, uint lengthBytes, uint signature)
    {
        if (caller.Sequence is { } known)
        {
            if (known.Area != area || lengthBytes != AreaBytes) return Errno.EINVAL;
            return known.Signature != signature ? Errno.EPERM : Errno.EBUSY;
        }

        if (area.Value % AreaBytes != 0 || lengthBytes != AreaBytes) return Errno.EINVAL;
        if (!UserAddress.IsValidRange(area, AreaBytes)) return Errno.EFAULT;
        caller.Sequence = new RestartableSequence(area, signature, NeverSeen);
        caller.RequestAttention();
        return Errno.None;
    }

    /// <errors>EINVAL: none is registered, or another. EPERM: another signature. EFAULT.</errors>
    public static Errno Unregister(UserThread caller, UserAddress area, uint lengthBytes, uint signature)
    {
        if (caller.Sequence is not { } known || known.Area != area || lengthBytes != AreaBytes) return Errno.EINVAL;
        if (known.Signature != signature) return Errno.EPERM;
        bool isTold = UserMemory.TryWrite(area + NumberAtStartOffset, 0u)
            && UserMemory.TryWrite(area + NumberOffset, unchecked((uint)RseqBits.RSEQ_CPU_ID_UNINITIALIZED));
        if (!isTold) return Errno.EFAULT;
        caller.Sequence = null;
        return Errno.None;
    }

    /// <summary>A child process has the same area in its copy of the memory.</summary>
    internal RestartableSequence Copy() => new(Area, Signature, NeverSeen);

    /// <summary>On the way to user mode: after a switch, aborts a sequence and tells the processor.</summary>
    public void Resume(UserThread thread, ref UserRegisters user)
    {
        long switches = thread.VoluntarySwitches + thread.InvoluntarySwitches;
        if (switches == _seenSwitches) return;
        _seenSwitches = switches;
        if (!TryAbort(ref user) || !TryTellProcessor()) SignalSender.Force(thread, SignalInfo.FromKernel(Signals.SIGSEGV));
    }

    /// <summary>Before a handler is entered. False: the area or the sequence is bad, which ends in
    /// SIGSEGV.</summary>
    internal bool TryInterrupt(ref UserRegisters user) => TryAbort(ref user) && TryTellProcessor();

    private bool TryTellProcessor()
    {
        uint processor = (uint)Cpu.CurrentId;
        if (processor == _toldProcessor) return true;
        if (!UserMemory.TryWrite(Area + NumberAtStartOffset, processor)
            || !UserMemory.TryWrite(Area + NumberOffset, processor)) return false;
        _toldProcessor = processor;
        return true;
    }

    /// <summary>Moves the thread to the abort handler if it is inside a sequence.</summary>
    private bool TryAbort(ref UserRegisters user)
    {
        if (!UserMemory.TryRead(Area + SequenceOffset, out ulong at)) return false;
        if (at == 0) return true;
        if (!UserMemory.TryRead(new UserAddress(at), out RseqCs sequence) || !IsValid(sequence)) return false;
        bool isInside = user.Rip - sequence.start_ip < sequence.post_commit_offset;
        if (isInside)
        {
            // The flags would have kept some events from aborting; Linux has given that up, and says so this
            // way.
            if (!UserMemory.TryRead(Area + FlagsOffset, out uint flags) || flags != 0 || sequence.flags != 0)
                return false;
        }

        if (!UserMemory.TryWrite(Area + SequenceOffset, 0UL)) return false;
        if (isInside) user.Rip = sequence.abort_ip;
        return true;
    }

    private bool IsValid(in RseqCs sequence)
    {
        const uint SignatureBytes = sizeof(uint);
        ulong end = unchecked(sequence.start_ip + sequence.post_commit_offset);
        if (sequence.version != 0 || sequence.start_ip >= UserAddress.LimitValue || end >= UserAddress.LimitValue
            || end < sequence.start_ip || sequence.abort_ip >= UserAddress.LimitValue) return false;
        if (unchecked(sequence.abort_ip - sequence.start_ip) < sequence.post_commit_offset) return false;
        return UserMemory.TryRead(new UserAddress(unchecked(sequence.abort_ip - SignatureBytes)), out uint found)
            && found == Signature;
    }
}
