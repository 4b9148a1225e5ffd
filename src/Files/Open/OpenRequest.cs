using Cashew.Abi;

namespace Cashew.Files;

/// <summary>What an inode is asked to open, and how. The location is pinned; a successful open takes the pins
/// over.</summary>
public readonly struct OpenRequest(in FileCaller caller, PathLocation location, uint flags)
{
    public FileCaller Caller { get; } = caller;
    public PathLocation Location { get; } = location;

    /// <summary>As open(2) takes them.</summary>
    public uint Flags { get; } = flags;

    public bool Has(uint flag) => (Flags & flag) == flag;
    public bool WantsRead => (Flags & OpenBits.O_ACCMODE) is OpenBits.O_RDONLY or OpenBits.O_RDWR;
    public bool WantsWrite => (Flags & OpenBits.O_ACCMODE) is OpenBits.O_WRONLY or OpenBits.O_RDWR;
}
