using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;

namespace Cashew.Files;

/// <summary>Makes pipes.</summary>
public static class Pipes
{
    /// <summary>Both ends of a new pipe, each with one reference for the caller.</summary>
    /// <param name="flags">O_NONBLOCK, O_DIRECT; others are none of ours.</param>
    /// <errors>ENFILE: the user has as many pages in pipes as he may.</errors>
    /// <source>pipe2(2).</source>
    public static bool TryCreate(
        Credentials credentials, FileAccount account, uint flags, [NotNullWhen(true)] out OpenFile? reader,
        [NotNullWhen(true)] out OpenFile? writer, out Errno error)
    {
        reader = null;
        writer = null;
        error = Pipe.TryCreate(credentials, account, out Pipe? pipe);
        if (error != Errno.None) return false;

        uint status = flags & (OpenBits.O_NONBLOCK | OpenBits.O_DIRECT);
        Inode inode = PipeFilesystem.CreateInode(credentials);
        inode.Fifo = pipe;

        // The inode has a link of its own that nobody drops; it is the collector's when both ends are gone.
        reader = Open(pipe!, inode, OpenBits.O_RDONLY | status);
        writer = Open(pipe!, inode, OpenBits.O_WRONLY | status);
        return true;
    }

    /// <summary>fcntl(2), F_GETPIPE_SZ, in bytes.</summary>
    /// <errors>EBADF: no pipe.</errors>
    public static IoResult GetCapacity(OpenFile file)
        => file is PipeFile pipe ? pipe.Pipe.CapacityBytes : Errno.EBADF;

    /// <summary>fcntl(2), F_SETPIPE_SZ: the number of bytes, rounded up, that there is room for
    /// then.</summary>
    /// <errors>EBADF: no pipe. EBUSY, EINVAL, ENOMEM, EPERM.</errors>
    public static IoResult SetCapacity(OpenFile file, ulong bytes, Credentials credentials, FileAccount account)
        => file is PipeFile pipe ? pipe.Pipe.Resize(bytes, credentials, account) : Errno.EBADF;

    private static PipeFile Open(Pipe pipe, Inode inode, uint flags)
    {
        bool isAlive = inode.TryAddUser();
        System.Diagnostics.Debug.Assert(isAlive);
        return new PipeFile(pipe, inode, default, flags);
    }
}
