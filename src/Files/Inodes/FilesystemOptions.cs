using System;

namespace Cashew.Files;

/// <summary>What holds for a file system, whichever mount shows it. All of it is about devices and about
/// locks that Linux has no more either: here it is kept and shown.</summary>
/// <source>mount(2), MS_SYNCHRONOUS, MS_DIRSYNC, MS_MANDLOCK, MS_LAZYTIME.</source>
[Flags]
public enum FilesystemOptions : byte
{
    None = 0,
    Synchronous = 1 << 0,
    SynchronousDirectories = 1 << 1,
    MandatoryLocks = 1 << 2,
    LazyTimes = 1 << 3,

    /// <summary>Those that a remount says anew.</summary>
    Changeable = Synchronous | MandatoryLocks | LazyTimes,
}
