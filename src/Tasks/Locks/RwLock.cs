using Cashew.Machine;

namespace Cashew.Tasks;

/// <summary>
/// Many readers or one writer, first come first served: whoever releases the lock hands it to the first in
/// line, and to the readers right behind a reader. So neither readers nor writers wait for ever. A reader
/// cannot become a writer.
/// </summary>
public sealed class RwLock
{
    private readonly LockRank _rank;
    private readonly SpinLock<State> _state = new(LockRank.WaitQueue, default);

    public RwLock(LockRank rank)
    {
        _rank = rank;
    }

    public ReadGuard Read()
    {
        Enter(wantsToWrite: false);
        return new ReadGuard(this);
    }

    public WriteGuard Write()
    {
        Enter(wantsToWrite: true);
        return new WriteGuard(this);
    }

    private void Enter(bool wantsToWrite)
    {
        Thread self = Thread.Current;
        self.HeldLocks.Enter(_rank);
        self.WantsToWrite = wantsToWrite;
        using (SpinLock<State>.Guard guard = _state.Acquire())
        {
            if (guard.State.Line.IsEmpty && guard.State.TryAdmit(self))
            {
                return;
            }

            self.IsInLine = true;
            guard.State.Line.Add(self);
        }

        while (true)
        {
            Sleep.Prepare();
            if (IsAdmitted(self))
            {
                Sleep.CancelPrepare();
                return;
            }

            _ = Sleep.Block(SleepMode.Uninterruptible, Nanoseconds.Max); // only a wake-up ends it
        }
    }

    private bool IsAdmitted(Thread self)
    {
        using SpinLock<State>.Guard guard = _state.Acquire();
        return !self.IsInLine;
    }

    private void Leave(bool wasWriting)
    {
        Thread.Current.HeldLocks.Leave(_rank);
        using SpinLock<State>.Guard guard = _state.Acquire();
        ref State state = ref guard.State;
        if (wasWriting)
        {
            state.IsWriting = false;
        }
        else
        {
            state.Readers--;
        }

        while (state.Line.First is { } first && state.TryAdmit(first))
        {
            state.Line.RemoveFirst();
            first.IsInLine = false;
            first.Wake();
        }
    }

    public readonly ref struct ReadGuard
    {
        private readonly RwLock _lock;

        internal ReadGuard(RwLock rwLock)
        {
            _lock = rwLock;
        }

        public void Dispose() => _lock.Leave(wasWriting: false);
    }

    public readonly ref struct WriteGuard
    {
        private readonly RwLock _lock;

        internal WriteGuard(RwLock rwLock)
        {
            _lock = rwLock;
        }

        public void Dispose() => _lock.Leave(wasWriting: true);
    }

    private struct State
    {
        internal WaitingLine Line;
        internal int Readers;
        internal bool IsWriting;

        /// <summary>Counts the thread in, if it may go on beside those who are in.</summary>
        internal bool TryAdmit(Thread thread)
        {
            if (IsWriting || (thread.WantsToWrite && Readers > 0))
            {
                return false;
            }

            IsWriting = thread.WantsToWrite;
            Readers += thread.WantsToWrite ? 0 : 1;
            return true;
        }
    }
}
