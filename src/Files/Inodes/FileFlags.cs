using System;

namespace Cashew.Files;

/// <summary>What a file is marked as; the values are those of chattr(1)'s ioctl.</summary>
/// <source>ioctl_iflags(2).</source>
[Flags]
public enum FileFlags : uint
{
    None = 0,

    /// <summary>Nothing about it may change, but for what is open already.</summary>
    Immutable = 0x10,

    /// <summary>It may only grow.</summary>
    AppendOnly = 0x20,

    NoDump = 0x40,
    NoAccessTimes = 0x80,

    /// <summary>What new files have from their directory.</summary>
    Inherited = NoDump | NoAccessTimes,

    /// <summary>No name of it may come or go.</summary>
    Fixed = Immutable | AppendOnly,

    All = Fixed | Inherited,
}
