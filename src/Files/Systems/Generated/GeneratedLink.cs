using System;
using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;

namespace Cashew.Files.Systems;

/// <summary>A symbolic link whose text never changes.</summary>
public sealed class GeneratedLink(
    GeneratedFilesystem filesystem, ulong number, in NewNode node, ReadOnlySpan<byte> target)
    : GeneratedInode(filesystem, number, node)
{
    private readonly byte[] _target = target.ToArray();

    public override long LengthBytes => _target.Length;

    public override bool TryReadLink(
        in FileCaller caller, [NotNullWhen(true)] out byte[]? target, out Errno error)
    {
        target = _target;
        error = Errno.None;
        return true;
    }
}
