namespace Cashew.Processes;

/// <summary>What init shall be: the first of the candidates that can be run.</summary>
public sealed class InitialProgram(byte[][] candidates, byte[][] arguments, byte[][] environment)
{
    /// <summary>Paths.</summary>
    public byte[][] Candidates { get; } = candidates;

    /// <summary>Arguments after the first, which is the path.</summary>
    public byte[][] Arguments { get; } = arguments;

    public byte[][] Environment { get; } = environment;
}
