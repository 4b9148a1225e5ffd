namespace Cashew.Files;

/// <summary>What the last component of a path is. Only a name can be made or removed.</summary>
internal enum LastComponent : byte
{
    Name,
    Dot,
    DotDot,

    /// <summary>There is none: the path is all slashes.</summary>
    Root,
}
