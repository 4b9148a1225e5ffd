using System;

namespace Cashew.Machine;

/// <summary>The terminal's side of a <see cref="ConsoleDevice"/>. Called in interrupt context: no allocation,
/// no sleep.</summary>
public abstract class ConsoleReceiver
{
    public abstract void Receive(ReadOnlySpan<byte> bytes);

    /// <summary>A break condition on the line.</summary>
    public abstract void ReceiveBreak();

    /// <summary>There is room for output again.</summary>
    public abstract void SpaceAvailable();
}
