using Cashew.Machine;

namespace Cashew.Tasks;

/// <summary>A sleeping lock that owns what it protects: the guard is the only way to the state.</summary>
public sealed class SleepLock<TState>
    where TState : struct
{
    private readonly SleepLock _lock;
    private TState _state;

    public SleepLock(LockRank rank, TState state)
    {
        _lock = new SleepLock(rank);
        _state = state;
    }

    public bool IsHeld => _lock.IsHeld;

    public Guard Acquire() => new(this, _lock.Acquire());

    public readonly ref struct Guard
    {
        private readonly SleepLock<TState> _owner;
        private readonly SleepLock.Guard _guard;

        internal Guard(SleepLock<TState> owner, SleepLock.Guard guard)
        {
            _owner = owner;
            _guard = guard;
        }

        public ref TState State => ref _owner._state;

        public void Dispose() => _guard.Dispose();
    }
}
