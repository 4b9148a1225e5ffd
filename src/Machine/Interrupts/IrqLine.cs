using System;
using System.Diagnostics.CodeAnalysis;

namespace Cashew.Machine;

/// <summary>A device's interrupt line, routed to a handler.</summary>
public sealed class IrqLine
{
    private readonly IoApic _controller;
    private readonly int _pin;
    private readonly int _vector;
    private readonly IrqHandler _handler;

    private IrqLine(IoApic controller, int pin, int vector, IrqHandler handler)
    {
        _controller = controller;
        _pin = pin;
        _vector = vector;
        _handler = handler;
    }

    /// <summary>The input of the controller it arrives at.</summary>
    public int Pin => _pin;

    public bool IsLevelTriggered { get; private init; }

    /// <summary>How often it was pulled.</summary>
    public long Count => Interrupts.CountOf(_vector);

    public ReadOnlySpan<byte> DeviceName => _handler.DeviceName;

    /// <summary>Routes an ISA line (0 to 15), through the firmware's overrides.</summary>
    public static bool TryOpenIsa(int line, IrqHandler handler, [NotNullWhen(true)] out IrqLine? irq)
    {
        IrqOverride route = Firmware.IsaRoute(line);
        return TryOpen(route.Gsi, route.Trigger, handler, out irq);
    }

    /// <summary>
    /// Routes a global system interrupt. False when no controller has that input or all vectors are taken.
    /// The line stays masked until <see cref="Enable"/>.
    /// </summary>
    public static bool TryOpen(int gsi, IrqTrigger trigger, IrqHandler handler, [NotNullWhen(true)] out IrqLine? irq)
    {
        irq = null;
        IoApic? controller = IoApic.Find(gsi);
        if (controller is null || !Interrupts.TryAssign(handler, out int vector))
        {
            return false;
        }

        irq = new IrqLine(controller, gsi - controller.FirstGsi, vector, handler)
        {
            IsLevelTriggered = trigger is IrqTrigger.LevelHigh or IrqTrigger.LevelLow,
        };
        InterruptStatistics.Note(gsi, irq);
        controller.Route(irq._pin, vector, trigger);
        return true;
    }

    public void Enable() => _controller.SetMask(_pin, isMasked: false);

    public void Disable() => _controller.SetMask(_pin, isMasked: true);
}
