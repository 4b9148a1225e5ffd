using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;

namespace Cashew.Files.Systems;

/// <summary>A symbolic link of a tmpfs.</summary>
internal sealed class TmpfsLink(TmpfsFilesystem filesystem, ulong number, in NewNode node)
    : Inode(filesystem, number, node)
{
    private readonly TmpfsFilesystem _filesystem = filesystem;
    private readonly byte[] _target = node.Target!;

    public override long LengthBytes => _target.Length;

    public override bool TryReadLink(in FileCaller caller, [NotNullWhen(true)] out byte[]? target, out Errno error)
    {
        target = _target;
        error = Errno.None;
        return true;
    }

    protected override void Evict() => _filesystem.Account.UnchargeInode();
}
