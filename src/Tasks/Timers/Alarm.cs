using System.Runtime.CompilerServices;
using Cashew.Machine;

namespace Cashew.Tasks;

/// <summary>
/// This processor's hardware timer, shared by the timer queue and the end of time slices. Set only when an
/// earlier moment is wanted than the one it stands at: a needless interrupt is cheaper than programming it at
/// every switch.
/// </summary>
[EagerStaticClassConstruction] // interrupt handlers come here
internal static class Alarm
{
    // What the hardware is set to; Max when it is not. Own processor only, interrupts off.
    private static readonly PerCpu<Nanoseconds> s_set = new(static _ => Nanoseconds.Max);

    internal static void SetNoLaterThan(Nanoseconds deadline)
    {
        using (InterruptGuard.Disable())
        {
            if (deadline < s_set.Current)
            {
                s_set.Current = deadline;
                LocalTimer.SetDeadline(deadline);
            }
        }
    }

    /// <summary>It has gone off.</summary>
    internal static void Clear() => s_set.Current = Nanoseconds.Max;
}
