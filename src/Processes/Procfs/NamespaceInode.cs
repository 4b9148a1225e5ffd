using System;
using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Files.Systems;

namespace Cashew.Processes;

/// <summary>What stands for a namespace.</summary>
internal sealed class NamespaceInode(Filesystem filesystem, uint number, ReadOnlySpan<byte> kind, ulong flag)
    : Inode(filesystem, number, new NewNode(Abi.Mode.S_IFREG | GeneratedMode.ReadOnly, 0, 0))
{
    private readonly byte[] _kind = kind.ToArray();

    /// <summary>The flag of clone(2) for its kind.</summary>
    internal ulong Flag { get; } = flag;

    /// <summary>As in "mnt:[4026531841]".</summary>
    internal void AppendName(ByteBuilder text)
        => text.Append(_kind).Append(":["u8).Append(Number).Append((byte)']');

    public override bool TryOpen(in OpenRequest request, [NotNullWhen(true)] out OpenFile? file, out Errno error)
    {
        error = Errno.None;
        file = new NamespaceFile(this, request);
        return true;
    }

    /// <summary>It belongs to nobody.</summary>
    public override Errno SetAttributes(in AttributeChange change) => Errno.EPERM;
}
