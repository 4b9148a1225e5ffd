namespace Cashew.Machine;

/// <summary>Keeps interrupts off on this processor for a <c>using</c>; nests.</summary>
public readonly ref struct InterruptGuard
{
    private readonly bool _wereEnabled;

    private InterruptGuard(bool wereEnabled)
    {
        _wereEnabled = wereEnabled;
    }

    public static InterruptGuard Disable() => new(Instructions.DisableInterrupts());

    public void Dispose()
    {
        if (_wereEnabled)
        {
            Instructions.EnableInterrupts();
        }
    }
}
