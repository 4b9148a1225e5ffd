using System.Threading;
using Cashew.Machine;

namespace Cashew.Tasks;

/// <summary>Passes a wake-up on to another queue once the one it came from has been let go: no queue's lock
/// is taken under
/// another's. Asking takes no memory.</summary>
public abstract class WakeRelay
{
    // Asked on this processor and not done yet; interrupts off.
    private static readonly PerCpu<WakeRelay?> s_asked = new();

    private WakeRelay? _next;
    private int _isAsked;

    /// <summary>To be done by whoever holds the queue's lock now, right after. Called in
    /// <see cref="WaitEntry.OnWake"/>.
    /// </summary>
    public void Ask()
    {
        // Asked on another processor already, it has not begun: it will see what we have changed.
        if (Interlocked.Exchange(ref _isAsked, 1) != 0) return;
        ref WakeRelay? first = ref s_asked.Current;
        _next = first;
        first = this;
    }

    /// <summary>Wakes the other queue. Perhaps in an interrupt: no allocation, no sleep.</summary>
    public abstract void PassOn();

    internal static void PassAllOn()
    {
        while (s_asked.Current is not null && TakeFirst() is WakeRelay relay) relay.PassOn();
    }

    private static WakeRelay? TakeFirst()
    {
        using (InterruptGuard.Disable())
        {
            ref WakeRelay? first = ref s_asked.Current;
            WakeRelay? relay = first;
            if (relay is null) return null;
            first = relay._next;
            relay._next = null;
            Interlocked.Exchange(ref relay._isAsked, 0);
            return relay;
        }
    }
}
