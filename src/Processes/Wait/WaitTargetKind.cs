namespace Cashew.Processes;

public enum WaitTargetKind : byte
{
    Any,
    Process,
    Group,
}
