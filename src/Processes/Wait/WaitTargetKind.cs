namespace Cashew.Processes;

public enum WaitTargetKind : byte
{
    Any,
    Process,
    Group,

    /// <summary>One process, whatever its number.</summary>
    Identity,
}
