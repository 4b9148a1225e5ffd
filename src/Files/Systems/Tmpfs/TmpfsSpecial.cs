namespace Cashew.Files.Systems;

/// <summary>A device node, FIFO or socket of a tmpfs: it has a name and attributes, and its contents are
/// elsewhere.</summary>
internal sealed class TmpfsSpecial(TmpfsFilesystem filesystem, ulong number, in NewNode node)
    : Inode(filesystem, number, node)
{
    private readonly TmpfsFilesystem _filesystem = filesystem;
    private readonly DeviceNumber _device = node.Device;

    public override DeviceNumber Device => _device;
    internal override Pipe? Fifo { get; set; }

    protected override void Evict() => _filesystem.Account.UnchargeInode();
}
