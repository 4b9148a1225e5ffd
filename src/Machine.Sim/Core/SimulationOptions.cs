namespace Cashew.Machine.Simulated;

/// <summary>What a simulated machine is like. The same options give the same run, always.</summary>
public sealed record SimulationOptions
{
    /// <summary>Decides every choice the simulation makes.</summary>
    public int Seed { get; init; } = 1;

    public int CpuCount { get; init; } = 1;

    public int FrameCount { get; init; } = 16 * 1024;

    /// <summary>At one choice point out of this many, another processor goes on.</summary>
    public int SwitchOneIn { get; init; } = 4;

    /// <summary>A pending interrupt waits on average for this many choice points.</summary>
    public int InterruptOneIn { get; init; } = 2;

    /// <summary>Time passes by up to this much at each choice point of a run.</summary>
    public int MaximumStepNs { get; init; } = 200;

    /// <summary>Choice points after which a run counts as one that never ends.</summary>
    public long MaximumSteps { get; init; } = 20_000_000;

    /// <summary>The time of day at boot, in seconds since 1970.</summary>
    public long RealtimeSeconds { get; init; } = 1_700_000_000;
}
