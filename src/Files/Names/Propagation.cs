namespace Cashew.Files;

/// <summary>How a mount passes on what is mounted below it.</summary>
/// <source>mount_namespaces(7).</source>
public enum Propagation : byte
{
    Private = 0,
    Unbindable,

    /// <summary>Private, except of a mount with peers: there are none without shared mounts.</summary>
    Slave,
}
