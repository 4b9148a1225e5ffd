namespace Cashew.Machine;

/// <summary>A driver's answer to an interrupt: with interrupts off, on whatever stack there is; allocates and waits for nothing.</summary>
public abstract class IrqHandler
{
    public abstract void Handle();
}
