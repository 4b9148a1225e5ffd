using System.Threading;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Processes;

/// <summary>Where the parent of a vfork(2) waits until the child has left its memory, by an exec or by its
/// end.
/// </summary>
internal sealed class VforkRelease
{
    private readonly WaitQueue _waiters = new();
    private bool _isReleased;

    internal void Release()
    {
        Volatile.Write(ref _isReleased, true);
        _waiters.WakeAll();
    }

    /// <summary>Only a kill ends the wait before its time; then the child goes on with the memory.</summary>
    internal void Wait()
    {
        Condition condition = new(this);
        _ = Sleep.Until(_waiters, ref condition, SleepMode.Killable, Nanoseconds.Max);
    }

    private readonly struct Condition(VforkRelease release) : ISleepCondition
    {
        public bool IsMet() => Volatile.Read(ref release._isReleased);
    }
}
