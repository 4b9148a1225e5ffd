using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Runtime;

namespace Cashew.Files.Systems;

/// <summary>A symbolic link of a tmpfs. A long text counts as a page, as on Linux: it is kept in the kernel's
/// heap, which the number of files alone would not bound closely.</summary>
internal sealed class TmpfsLink(TmpfsFilesystem filesystem, ulong number, in NewNode node)
    : Inode(filesystem, number, node)
{
    private const int LongestFreeBytes = 127;

    private readonly TmpfsFilesystem _filesystem = filesystem;
    private readonly byte[] _target = node.Target!;

    public override long LengthBytes => _target.Length;

    public override bool TryReadLink(in FileCaller caller, [NotNullWhen(true)] out byte[]? target, out Errno error)
    {
        target = _target;
        error = Errno.None;
        return true;
    }

    public override long Blocks512 => PagesFor(_target) * (UserAddress.PageSizeBytes / 512);

    /// <summary>Pages that a link to somewhere is charged for.</summary>
    internal static int PagesFor(byte[] target) => target.Length > LongestFreeBytes ? 1 : 0;

    protected override void Evict()
    {
        _filesystem.Account.Uncharge(PagesFor(_target));
        _filesystem.Account.UnchargeInode();
        Collector.NoteDropped(_target.Length);
    }
}
