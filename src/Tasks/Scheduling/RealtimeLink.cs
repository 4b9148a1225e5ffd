namespace Cashew.Tasks;

/// <summary>A thread's place in a <see cref="RealtimeQueue"/>. Protected by the run queue's lock.</summary>
internal sealed class RealtimeLink(Thread thread)
{
    internal Thread Thread { get; } = thread;

    internal RealtimeLink? Next;
    internal RealtimeLink? Previous;
    internal bool IsQueued;
}
