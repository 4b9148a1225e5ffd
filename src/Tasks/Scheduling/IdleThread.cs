using Cashew.Machine;

namespace Cashew.Tasks;

/// <summary>What a processor runs when nobody else wants it: waits for interrupts. There is no
/// tick.</summary>
internal sealed class IdleThread(IdleWork work) : Thread
{
    [System.Diagnostics.CodeAnalysis.DoesNotReturn]
    internal void Loop()
    {
        while (true)
        {
            // Interrupts are off here, so nothing becomes runnable between the look and the halt.
            if (Scheduler.TryLeaveIdle())
            {
                continue;
            }

            Cpu.EnableInterrupts();
            bool hasMore = work.TryDoSome();
            Cpu.DisableInterrupts();
            if (!hasMore && !Scheduler.TryLeaveIdle())
            {
                Cpu.WaitForInterrupt();
            }
        }
    }

    protected override void Main() => Panic.Stop("the idle thread has no main routine");
}
