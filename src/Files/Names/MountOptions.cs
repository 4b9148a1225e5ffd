using System;

namespace Cashew.Files;

/// <summary>What a mount forbids or does differently, whatever the file system below it is.</summary>
/// <source>mount(2).</source>
[Flags]
public enum MountOptions : ushort
{
    None = 0,
    ReadOnly = 1 << 0,
    NoSetUid = 1 << 1,
    NoDevices = 1 << 2,
    NoExecute = 1 << 3,
    NoAccessTimes = 1 << 4,
    NoDirectoryAccessTimes = 1 << 5,
    RelativeAccessTimes = 1 << 6,
    NoSymbolicLinks = 1 << 7,
}
