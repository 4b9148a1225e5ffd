using Cashew.Machine;

namespace Cashew.Memory;

/// <summary>The arguments of mmap(2).</summary>
public struct MapRequest
{
    /// <summary>A wish, or with a fixed flag an order; null for "anywhere".</summary>
    public UserAddress Address;

    /// <summary>Rounded up to whole pages by the receiver.</summary>
    public ulong LengthBytes;

    public PageRights Rights;

    public MapFlags Flags;

    /// <summary>Null: anonymous memory.</summary>
    public IMappedFile? File;

    /// <summary>The file's page that is to lie at the start.</summary>
    public long FirstPage;

    internal readonly bool Has(MapFlags flag) => (Flags & flag) != 0;

    internal readonly bool IsFixed => Has(MapFlags.Fixed | MapFlags.FixedNoReplace);
}
