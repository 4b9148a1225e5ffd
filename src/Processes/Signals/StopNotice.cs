namespace Cashew.Processes;

/// <summary>What the parent is still to be told about stopping and continuing.</summary>
internal enum StopNotice : byte
{
    None,
    Stopped,
    Continued,
}
