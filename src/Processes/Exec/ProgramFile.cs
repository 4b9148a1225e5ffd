using System;
using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>Opening and reading files that are to be run.</summary>
public static class ProgramFile
{
    // The kernel reads a program for somebody who may only execute it.
    private static readonly Credentials s_reader = Credentials.ForRoot();

    /// <summary>Opens a file for execution.</summary>
    /// <errors>
    /// EACCES: no regular file, no permission to execute it, or a mount with noexec. ELOOP: a symbolic link
    /// where none is followed. ETXTBSY: open for writing. And those of <see cref="PathWalk"/>.
    /// </errors>
    /// <source>execve(2), execveat(2).</source>
    public static bool TryOpen(
        in FileCaller caller, PathLocation start, ReadOnlySpan<byte> path, WalkFlags flags,
        [NotNullWhen(true)] out OpenFile? file, out Errno error)
    {
        file = null;
        do
        {
            if (!PathWalk.TryFind(caller, start, path, flags, out PathLocation found, out error)) return false;
            error = Check(caller, found);
            if (error != Errno.None)
            {
                found.Unpin();
                return false;
            }

            OpenRequest request = new(caller.As(s_reader), found, OpenBits.O_RDONLY);
            _ = FileTree.TryOpen(request, out file, out error); // The error tells: stale means once more.
        }
        while (error == Errno.ESTALE);
        if (error != Errno.None || file!.TryDenyWriting()) return error == Errno.None;
        file.Release();
        file = null;
        error = Errno.ETXTBSY;
        return false;
    }

    /// <summary>How many bytes there were from an offset on, at most as many as fit.</summary>
    public static int Read(OpenFile file, long offset, Span<byte> buffer, out Errno error)
    {
        UserDestination destination = new(buffer);
        IoResult result = file.ReadAt(ref destination, offset);
        error = result.Error;
        return (int)result.Count;
    }

    /// <errors>EIO: the file ends before, or cannot be read.</errors>
    public static Errno ReadExactly(OpenFile file, long offset, Span<byte> buffer)
    {
        int count = Read(file, offset, buffer, out Errno error);
        if (error != Errno.None) return error;
        return count == buffer.Length ? Errno.None : Errno.EIO;
    }

    private static Errno Check(in FileCaller caller, PathLocation found)
    {
        Inode inode = found.Inode;
        if (inode.IsSymbolicLink) return Errno.ELOOP;
        if (!inode.IsRegular || found.Mount.Has(MountOptions.NoExecute)) return Errno.EACCES;
        return Permission.Check(inode, AccessModes.Execute, caller.Credentials);
    }
}
