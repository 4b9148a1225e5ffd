using System;

namespace Cashew.Files;

/// <summary>What somebody wants to do with a file. The values are those of access(2) and of the permission
/// bits.</summary>
[Flags]
public enum AccessModes : byte
{
    None = 0,
    Execute = 1,
    Write = 2,
    Read = 4,
}
