namespace Cashew.Processes;

/// <summary>What a wait found out about a child.</summary>
public struct ChildReport
{
    public int ProcessId;
    public uint Uid;

    /// <summary>For wait4(2).</summary>
    public WaitStatus Status;

    /// <summary>For waitid(2): one of CLD_*, and an exit code or a signal.</summary>
    public int Code;
    public int CodeValue;

    public ResourceUsage Usage;
}
