using Cashew.Machine.Simulated;

namespace Cashew.Machine;

/// <summary>Keeps interrupts off on this processor for a <c>using</c>; nests.</summary>
public readonly ref struct InterruptGuard
{
    private readonly bool _wereEnabled;

    private InterruptGuard(bool wereEnabled)
    {
        _wereEnabled = wereEnabled;
    }

    public static InterruptGuard Disable()
    {
        Simulation.Current.ChoicePoint();
        bool wereEnabled = Cpu.InterruptsEnabled;
        Cpu.DisableInterrupts();
        return new InterruptGuard(wereEnabled);
    }

    public void Dispose()
    {
        if (_wereEnabled)
        {
            Cpu.EnableInterrupts();
        }
    }
}
