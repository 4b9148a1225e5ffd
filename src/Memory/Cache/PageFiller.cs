using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Memory;

/// <summary>Where the pages of a cache come from the first time: an archive in memory, later a
/// disk.</summary>
public abstract class PageFiller
{
    /// <summary>Bytes that it has; what lies past them is zeros.</summary>
    public abstract long LengthBytes { get; }

    /// <summary>
    /// Writes the page's contents into a frame that nobody else sees. Bytes past <see cref="LengthBytes"/>
    /// may be left alone: the cache clears them.
    /// </summary>
    /// <errors>EIO: the device failed.</errors>
    /// <locking>May sleep; takes no lock of a rank below AddressSpace.</locking>
    public abstract bool TryFill(long pageIndex, Frame frame, out Errno error);

    /// <summary>
    /// A frame that holds this page already and is to be mapped as it is, with a reference. The cache never
    /// writes to it. Only for pages that lie wholly within the length.
    /// </summary>
    public virtual bool TryLend(long pageIndex, out Frame frame)
    {
        frame = default;
        return false;
    }

    /// <summary>The file is gone and nothing will be asked for again: what only this file needed can be given
    /// back.</summary>
    public virtual void Discard()
    {
    }
}
