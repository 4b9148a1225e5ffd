namespace Cashew.Files;

/// <summary>How a mount passes on what is mounted below it.</summary>
/// <source>mount_namespaces(7).</source>
public enum Propagation : byte
{
    Private = 0,

    /// <summary>Private, and bind mounts of it are refused.</summary>
    Unbindable,

    /// <summary>Hears of what happens at its former peers, and does not tell them. Private where there were
    /// none.</summary>
    Slave,

    /// <summary>Tells its peers, and hears from them.</summary>
    Shared,
}
