using Cashew.Abi;

namespace Cashew.Processes;

/// <summary>
/// The signals pending for one thread, or for a whole process.
/// </summary>
/// <remarks>
/// A standard signal is pending once or not at all, and it is never lost for want of an entry: then only its
/// siginfo is. A signal of the kernel's own that says nothing beyond SI_KERNEL needs no entry, so that
/// interrupt handlers can raise signals without memory.
/// </remarks>
/// <locking>The owner's signal lock protects everything here.</locking>
public struct SignalQueue
{
    private SignalEntry? _first;
    private SignalEntry? _last;
    private SignalSet _fromKernel;

    public SignalSet Pending { get; private set; }

    /// <summary>Makes a signal pending. A standard signal that is pending already stays as it is.</summary>
    public void Add(int signal, SignalEntry entry)
    {
        if (signal < Signals.SIGRTMIN && Pending.Contains(signal)) return;
        Pending |= SignalSet.Of(signal);
        entry.ChargedTo?.ChargeSignal();
        Append(entry);
    }

    /// <summary>Makes the signal of a timer pending, even if another one of that number is.</summary>
    internal void AddTimer(int signal, SignalEntry entry)
    {
        Pending |= SignalSet.Of(signal);
        entry.IsQueued = true;
        Append(entry);
    }

    /// <summary>Makes a signal pending of which only the number, and whether the kernel sent it, is
    /// kept.</summary>
    public void AddBare(int signal, SignalOrigin origin)
    {
        if (Pending.Contains(signal)) return;
        Pending |= SignalSet.Of(signal);
        if (origin == SignalOrigin.Kernel) _fromKernel |= SignalSet.Of(signal);
    }

    /// <summary>Takes the next pending signal of <paramref name="wanted"/>; false when there is
    /// none.</summary>
    public bool TryTake(SignalSet wanted, out SignalInfo info)
    {
        int signal = Next(Pending & wanted);
        if (signal == 0)
        {
            info = default;
            return false;
        }

        info = Take(signal);
        return true;
    }

    /// <summary>The pending signal at a place, in the order of arrival; those without siginfo come
    /// last.</summary>
    public readonly bool TryPeek(ulong index, out SignalInfo info)
    {
        SignalSet bare = Pending;
        for (SignalEntry? entry = _first; entry is not null; entry = entry.Next)
        {
            info = entry.Info;
            if (index-- == 0) return true;
            bare = bare.Without(SignalSet.Of(info.Number));
        }

        info = default;
        for (; !bare.IsEmpty; bare = bare.Without(SignalSet.Of(bare.First)))
        {
            info = BareInfo(bare.First);
            if (index-- == 0) return true;
        }

        return false;
    }

    /// <summary>Drops every pending signal of the set.</summary>
    public void Remove(SignalSet set)
    {
        if ((Pending & set).IsEmpty) return;
        Pending = Pending.Without(set);
        _fromKernel = _fromKernel.Without(set);

        SignalEntry? kept = null;
        for (SignalEntry? entry = _first; entry is not null; entry = entry.Next)
        {
            if (!set.Contains(entry.Info.Number))
            {
                kept = entry;
                continue;
            }

            Unlink(kept, entry);
            entry.Timer?.DroppedLocked();
        }
    }

    /// <summary>Drops what timers have sent.</summary>
    internal void RemoveTimers()
    {
        SignalEntry? kept = null;
        SignalSet dropped = SignalSet.Empty;
        SignalSet left = SignalSet.Empty;
        for (SignalEntry? entry = _first; entry is not null; entry = entry.Next)
        {
            SignalSet own = SignalSet.Of(entry.Info.Number);
            if (entry.Timer is null)
            {
                kept = entry;
                left |= own;
                continue;
            }

            Unlink(kept, entry);
            dropped |= own;
        }

        Pending = Pending.Without(dropped.Without(left));
    }

    /// <summary>Faults of the instruction at hand go first, then the lowest number.</summary>
    /// <source>signal(7), "Real-time signals": the order across numbers is unspecified by POSIX; Linux gives
    /// priority to standard signals.</source>
    private static int Next(SignalSet candidates)
    {
        SignalSet faults = candidates & SignalDefaults.Synchronous;
        return faults.IsEmpty ? candidates.First : faults.First;
    }

    private SignalInfo Take(int signal)
    {
        SignalInfo info = default;
        bool isFound = false;
        SignalEntry? previous = null;
        for (SignalEntry? entry = _first; entry is not null; entry = entry.Next)
        {
            if (entry.Info.Number == signal)
            {
                // A second entry of the number: a real-time signal that stays pending.
                if (isFound) return info;
                info = entry.Info;
                isFound = true;
                Unlink(previous, entry);
                entry.Timer?.TakenLocked(ref info);
            }
            else
            {
                previous = entry;
            }
        }

        if (!isFound) info = BareInfo(signal);
        Pending = Pending.Without(SignalSet.Of(signal));
        _fromKernel = _fromKernel.Without(SignalSet.Of(signal));
        return info;
    }

    private void Append(SignalEntry entry)
    {
        entry.Next = null;
        if (_last is null) _first = entry;
        else _last.Next = entry;
        _last = entry;
    }

    private readonly SignalInfo BareInfo(int signal) =>
        _fromKernel.Contains(signal)
            ? SignalInfo.FromKernel(signal)
            : SignalInfo.FromSender(signal, SigInfoCode.SI_USER, 0, 0);

    private void Unlink(SignalEntry? previous, SignalEntry entry)
    {
        if (previous is null) _first = entry.Next;
        else previous.Next = entry.Next;
        if (ReferenceEquals(_last, entry)) _last = previous;
        entry.IsQueued = false;
        entry.ChargedTo?.ReleaseSignal();
    }
}
