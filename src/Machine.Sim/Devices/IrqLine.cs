using System;
using System.Diagnostics.CodeAnalysis;
using Cashew.Machine.Simulated;

namespace Cashew.Machine;

/// <summary>A device's interrupt line, routed to a handler. Tests pull it with
/// <see cref="Simulation.RaiseIrq"/>.</summary>
public sealed class IrqLine
{
    private readonly IrqHandler _handler;
    private bool _isEnabled;
    private bool _isPending;

    private IrqLine(IrqHandler handler)
    {
        _handler = handler;
    }

    public int Pin => 0;

    public bool IsLevelTriggered => false;

    public long Count => 0;

    public ReadOnlySpan<byte> DeviceName => _handler.DeviceName;

    public static bool TryOpenIsa(int line, IrqHandler handler, [NotNullWhen(true)] out IrqLine? irq) =>
        TryOpen(line, IrqTrigger.Default, handler, out irq);

    public static bool TryOpen(int gsi, IrqTrigger trigger, IrqHandler handler, [NotNullWhen(true)] out IrqLine? irq)
    {
        irq = new IrqLine(handler);
        return Simulation.Current.IrqLines.TryAdd(gsi, irq);
    }

    public void Enable()
    {
        _isEnabled = true;
        if (_isPending)
        {
            Pull();
        }
    }

    public void Disable() => _isEnabled = false;

    internal void Pull()
    {
        _isPending = !_isEnabled;
        if (_isEnabled)
        {
            Simulation.Current.RaiseInterrupt(_handler.Handle);
        }
    }
}
