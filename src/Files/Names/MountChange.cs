namespace Cashew.Files;

/// <summary>What mount_setattr(2) changes.</summary>
public readonly struct MountChange
{
    public MountOptions Cleared { get; init; }
    public MountOptions Set { get; init; }

    /// <summary>Null leaves it as it is.</summary>
    public Propagation? Propagation { get; init; }
}
