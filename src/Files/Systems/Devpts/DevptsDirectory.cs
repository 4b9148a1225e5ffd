using System;
using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;
using Cashew.Files.Terminals;

namespace Cashew.Files.Systems;

/// <summary>The one directory of a devpts: the multiplexer, and a number for each slave. Entries come and go
/// with their masters.
/// </summary>
internal sealed class DevptsDirectory : Inode
{
    // Positions: the multiplexer, then the slaves by number.
    private const long MultiplexerPosition = DirectoryFile.FirstEntry;
    private const long FirstSlavePosition = MultiplexerPosition + 1;

    private readonly DevptsFilesystem _filesystem;

    internal DevptsDirectory(DevptsFilesystem filesystem, ulong number, in NewNode node)
        : base(filesystem, number, node)
    {
        _filesystem = filesystem;
        AddLinks(1);
    }

    private static ReadOnlySpan<byte> MultiplexerName => "ptmx"u8;

    public override bool CachesName(Inode? found) => false;

    public override bool TryLookup(
        ReadOnlySpan<byte> name, [NotNullWhen(true)] out Inode? inode, out Errno error)
    {
        inode = null;
        if (name.SequenceEqual(MultiplexerName)) inode = _filesystem.Multiplexer;
        else if (IsNumber(name, out long number)) inode = _filesystem.Find(number)?.Inode;
        error = inode is null ? Errno.ENOENT : Errno.None;
        return inode is not null;
    }

    public override Errno ReadDirectory(ref long position, ref DirectorySink sink)
    {
        if (position <= MultiplexerPosition)
        {
            Inode multiplexer = _filesystem.Multiplexer;
            if (!sink.TryAdd(MultiplexerName, multiplexer.Number, multiplexer.Type, FirstSlavePosition))
            {
                return Errno.None;
            }

            position = FirstSlavePosition;
        }

        ByteBuilder name = new();
        for (; position - FirstSlavePosition < DevptsFilesystem.MaxPairs; position++)
        {
            if (_filesystem.Find(position - FirstSlavePosition) is not Pseudoterminal pair) continue;
            name.Clear();
            name.Append((long)pair.Number);
            if (!sink.TryAdd(name.Written, pair.Inode.Number, pair.Inode.Type, position + 1))
            {
                return Errno.None;
            }
        }

        return Errno.None;
    }

    // Only as the kernel writes it: one name each.
    private static bool IsNumber(ReadOnlySpan<byte> name, out long number)
        => NumberText.TryParse(name, 10, out number) && (name[0] != (byte)'0' || name.Length == 1);
}
