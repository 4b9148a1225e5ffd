namespace Cashew.Machine;

/// <summary>A driver's answer to an interrupt: with interrupts off, on whatever stack there is; allocates and
/// waits for nothing.</summary>
public abstract class IrqHandler
{
    /// <summary>What interrupts, for /proc/interrupts.</summary>
    public virtual System.ReadOnlySpan<byte> DeviceName => "device"u8;

    public abstract void Handle();
}
