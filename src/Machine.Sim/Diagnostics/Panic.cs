using System.Diagnostics.CodeAnalysis;
using Cashew.Machine.Simulated;

namespace Cashew.Machine;

/// <summary>Our own mistake: here, a failed test.</summary>
public static class Panic
{
    public static void SetContext(PanicContext context)
    {
    }

    [DoesNotReturn]
    public static void Stop(string message)
    {
        if (Simulation.Current.IsEnding)
        {
            throw new SimulationEnded();
        }

        throw new SimulationFailure($"kernel panic: {message}");
    }

    [DoesNotReturn]
    public static void Stop(ref LogMessage message) => Stop(System.Text.Encoding.UTF8.GetString(message.Text));

    public static void Print(System.ReadOnlySpan<byte> text)
    {
    }

    public static void Print(long value)
    {
    }
}
