using System;
using System.Collections.Generic;
using System.Text;
using Cashew.Machine.Simulated;

namespace Cashew.Machine;

/// <summary>A serial line whose other end is the test.</summary>
public sealed class SimulatedConsole : ConsoleDevice
{
    private readonly List<byte> _output = [];
    private int _pending;

    /// <summary>Bytes it takes before it is full; tests of a slow line set less and call
    /// <see cref="Drain"/>.</summary>
    public int CapacityBytes { get; set; } = int.MaxValue;

    /// <summary>All that was written so far.</summary>
    public string Output => Encoding.Latin1.GetString([.. _output]);

    public override int PendingBytes => _pending;

    public override int Write(ReadOnlySpan<byte> bytes)
    {
        int taken = Math.Min(bytes.Length, CapacityBytes - _pending);
        _output.AddRange(bytes[..taken]);
        _pending += CapacityBytes == int.MaxValue ? 0 : taken;
        return taken;
    }

    public override void DiscardOutput()
    {
        _output.RemoveRange(_output.Count - _pending, _pending);
        _pending = 0;
    }

    public void ClearOutput() => _output.Clear();

    /// <summary>Somebody types: the receiver gets it in interrupt context.</summary>
    public void Type(string text)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(text);
        Simulation.Current.RaiseInterrupt(() => Receiver?.Receive(bytes));
    }

    public void Break() => Simulation.Current.RaiseInterrupt(() => Receiver?.ReceiveBreak());

    /// <summary>The line has sent so many bytes.</summary>
    public void Drain(int bytes)
    {
        _pending -= Math.Min(bytes, _pending);
        Simulation.Current.RaiseInterrupt(() => Receiver?.SpaceAvailable());
    }
}
