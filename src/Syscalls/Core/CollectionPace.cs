using System.Runtime.CompilerServices;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Syscalls;

/// <summary>
/// Brings a collection to its end under a program that neither allocates nor blocks: as long as one is under
/// way, each reference that is stored costs more.
/// </summary>
[EagerStaticClassConstruction] // interrupt handlers come here
internal sealed class CollectionPace : TimerTarget
{
    // A step takes up to 60 us: so the program keeps more than half of the processor meanwhile.
    private static readonly Nanoseconds s_interval = Nanoseconds.FromMicroseconds(100);
    private static readonly PerCpu<Timer?> s_timers = new();

    private CollectionPace()
    {
    }

    /// <summary>After a step that was not the last: there will be another one soon.</summary>
    internal static void GoOnSoon()
    {
        Timer timer = s_timers.Current ??= new Timer(new CollectionPace());
        timer.Arm(Clock.Monotonic + s_interval);
    }

    public override void Expired(Timer timer) => Cpu.RequestAttention();
}
