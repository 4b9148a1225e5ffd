namespace Cashew.Machine;

/// <summary>A spin lock that owns what it protects: the guard is the only way to the state.</summary>
public sealed class SpinLock<TState>
    where TState : struct
{
    private readonly SpinLock _lock;
    private TState _state;

    public SpinLock(LockRank rank, TState state)
    {
        _lock = new SpinLock(rank);
        _state = state;
    }

    public bool IsHeld => _lock.IsHeld;

    public Guard Acquire() => new(this, _lock.Acquire());

    public readonly ref struct Guard
    {
        private readonly SpinLock<TState> _owner;
        private readonly SpinLock.Guard _guard;

        internal Guard(SpinLock<TState> owner, SpinLock.Guard guard)
        {
            _owner = owner;
            _guard = guard;
        }

        public ref TState State => ref _owner._state;

        public void Dispose() => _guard.Dispose();
    }
}
