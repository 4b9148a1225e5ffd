using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;
using Cashew.Memory;

namespace Cashew.Files;

/// <summary>A regular file whose contents are in a page cache.</summary>
public abstract class PagedInode(Filesystem filesystem, ulong number, in NewNode node) : Inode(filesystem, number, node)
{
    /// <summary>Made on first use: of the files of a large archive, most are never opened.</summary>
    public abstract PageCache Contents { get; }

    public override PageSource? Pages => Contents;

    /// <summary>The same if the file system has seals; otherwise null.</summary>
    public virtual PageCache? SealableContents => null;

    public override bool TryOpen(in OpenRequest request, [NotNullWhen(true)] out OpenFile? file, out Errno error)
    {
        error = Errno.None;
        file = new RegularFile(this, request);
        return true;
    }

    public override Errno SetLength(long lengthBytes)
    {
        if (lengthBytes == LengthBytes)
        {
            // Of truncate(2) nothing comes here that changes nothing, but O_TRUNC of open(2) does, and sets
            // the times.
            TouchModified();
            return Errno.None;
        }

        Errno error = Contents.Truncate(lengthBytes);
        if (error == Errno.None) TouchModified();
        return error;
    }

    /// <inheritdoc cref="OpenFile.SeekContents"/>
    public abstract IoResult SeekContents(long offset, bool toData);

    /// <inheritdoc cref="OpenFile.Allocate"/>
    public abstract Errno Allocate(int mode, long offset, long lengthBytes, long limitBytes);
}
