using Cashew.Abi;

namespace Cashew.Files;

/// <summary>Makes pipes.</summary>
public static class Pipes
{
    /// <summary>Both ends of a new pipe, each with one reference for the caller.</summary>
    /// <param name="flags">O_NONBLOCK, O_DIRECT; others are none of ours.</param>
    /// <source>pipe2(2).</source>
    public static void Create(Credentials credentials, uint flags, out OpenFile reader, out OpenFile writer)
    {
        uint status = flags & OpenBits.O_NONBLOCK;
        Inode inode = PipeFilesystem.CreateInode(credentials);
        Pipe pipe = new();
        inode.Fifo = pipe;

        // The inode has a link of its own that nobody drops; it is the collector's when both ends are gone.
        reader = Open(pipe, inode, OpenBits.O_RDONLY | status);
        writer = Open(pipe, inode, OpenBits.O_WRONLY | status);
    }

    private static PipeFile Open(Pipe pipe, Inode inode, uint flags)
    {
        bool isAlive = inode.TryAddUser();
        System.Diagnostics.Debug.Assert(isAlive);
        return new PipeFile(pipe, inode, default, flags);
    }
}
