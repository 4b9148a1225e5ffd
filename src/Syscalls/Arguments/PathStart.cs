using System;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>
/// Where a path of an *at call begins: the working directory, or the directory of a descriptor, in use until
/// Dispose.
/// </summary>
/// <source>open(2), "The dirfd argument".</source>
internal readonly ref struct PathStart : IDisposable
{
    private readonly FileUse _use;
    private readonly bool _hasFile;

    private PathStart(FileUse use)
    {
        _use = use;
        _hasFile = true;
    }

    /// <summary>None for the working directory.</summary>
    internal PathLocation Location => _hasFile ? _use.File.Location : default;

    /// <summary>The file of the descriptor: with AT_EMPTY_PATH it is meant itself. Null for the working
    /// directory.</summary>
    internal OpenFile? File => _hasFile ? _use.File : null;

    /// <errors>EBADF: no such descriptor. ENOTDIR: it is not one of a directory. Absolute paths look at
    /// none.</errors>
    internal static bool TryResolve(
        UserThread caller, int directoryFd, ReadOnlySpan<byte> path, bool isScoped, out PathStart start,
        out Errno error)
    {
        start = default;
        error = Errno.None;
        bool isAbsolute = path.Length > 0 && path[0] == (byte)'/';
        if (directoryFd == AtBits.AT_FDCWD || (isAbsolute && !isScoped))
        {
            return true;
        }

        if (!caller.Descriptors.TryUseAny(directoryFd, out FileUse use, out error))
        {
            return false;
        }

        // With an empty path any file will do: the call itself says whether that is allowed.
        if (path.Length > 0 && !use.File.Inode.IsDirectory)
        {
            use.Dispose();
            error = Errno.ENOTDIR;
            return false;
        }

        start = new PathStart(use);
        return true;
    }

    public void Dispose()
    {
        if (_hasFile)
        {
            _use.Dispose();
        }
    }
}
