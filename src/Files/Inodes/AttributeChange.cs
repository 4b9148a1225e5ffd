using System;
using Cashew.Machine;

namespace Cashew.Files;

/// <summary>New attributes of an inode; null leaves one as it is. Permissions have been checked.</summary>
public readonly struct AttributeChange
{
    /// <summary>Permission bits only.</summary>
    public uint? Permissions { get; init; }

    public uint? Uid { get; init; }
    public uint? Gid { get; init; }
    public Nanoseconds? Accessed { get; init; }
    public Nanoseconds? Modified { get; init; }
}
