using System;

namespace Cashew.Files;

/// <summary>How a path is resolved.</summary>
[Flags]
public enum WalkFlags : byte
{
    None = 0,

    /// <summary>A symbolic link as the last component is followed.</summary>
    FollowLast = 1 << 0,

    /// <summary>The result must be a directory (ENOTDIR).</summary>
    Directory = 1 << 1,

    /// <summary>The empty path means the start itself (AT_EMPTY_PATH); otherwise it is ENOENT.</summary>
    AllowEmpty = 1 << 2,
}
