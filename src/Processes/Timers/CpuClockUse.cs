namespace Cashew.Processes;

/// <summary>What somebody wants with a clock of processor time: who may have it differs.</summary>
public enum CpuClockUse : byte
{
    /// <summary>The clock of the own process also goes by the number of the calling thread.</summary>
    Reading,

    /// <summary>Sleeping or a timer.</summary>
    Waiting,
}
