using System;
using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;

namespace Cashew.Files.Systems;

/// <summary>What stands for a namespace.</summary>
public class NamespaceInode : Inode
{
    private readonly byte[] _kind;

    public NamespaceInode(uint number, ReadOnlySpan<byte> kind, ulong flag)
        : base(NamespaceFilesystem.Instance, number, new NewNode(Abi.Mode.S_IFREG | GeneratedMode.ReadOnly, 0, 0))
    {
        _kind = kind.ToArray();
        Flag = flag;
    }

    /// <summary>The flag of clone(2) for its kind.</summary>
    public ulong Flag { get; }

    /// <summary>It belongs to a namespace of users, and is none itself.</summary>
    public bool HasOwner => Flag != CloneBits.CLONE_NEWUSER;

    /// <summary>As in "mnt:[4026531841]".</summary>
    public void AppendName(ByteBuilder text)
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
