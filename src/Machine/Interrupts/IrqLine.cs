using System.Diagnostics.CodeAnalysis;

namespace Cashew.Machine;

/// <summary>A device's interrupt line, routed to a handler.</summary>
public sealed class IrqLine
{
    private readonly IoApic _controller;
    private readonly int _pin;

    private IrqLine(IoApic controller, int pin)
    {
        _controller = controller;
        _pin = pin;
    }

    /// <summary>Routes an ISA line (0 to 15), through the firmware's overrides.</summary>
    public static bool TryOpenIsa(int line, IrqHandler handler, [NotNullWhen(true)] out IrqLine? irq)
    {
        IrqOverride route = Firmware.IsaRoute(line);
        return TryOpen(route.Gsi, route.Trigger, handler, out irq);
    }

    /// <summary>
    /// Routes a global system interrupt. False when no controller has that input or all vectors are taken. The line
    /// stays masked until <see cref="Enable"/>.
    /// </summary>
    public static bool TryOpen(int gsi, IrqTrigger trigger, IrqHandler handler, [NotNullWhen(true)] out IrqLine? irq)
    {
        irq = null;
        IoApic? controller = IoApic.Find(gsi);
        if (controller is null || !Interrupts.TryAssign(handler, out int vector))
        {
            return false;
        }

        irq = new IrqLine(controller, gsi - controller.FirstGsi);
        controller.Route(irq._pin, vector, trigger);
        return true;
    }

    public void Enable() => _controller.SetMask(_pin, isMasked: false);

    public void Disable() => _controller.SetMask(_pin, isMasked: true);
}
