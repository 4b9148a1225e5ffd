using System;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>Where a path of an *at call begins: the working directory or a descriptor, in use until disposed of.
/// </summary>
/// <source>openat(2), "openat()": an absolute path ignores the descriptor.</source>
internal readonly ref struct PathStart : IDisposable
{
    private readonly FileUse _use;
    private readonly bool _hasUse;

    private PathStart(FileUse use)
    {
        _use = use;
        _hasUse = true;
    }

    /// <summary>None for the working directory, and for a path that does not need a start.</summary>
    internal PathLocation Location => _hasUse ? _use.File.Location : default;

    /// <summary>The descriptor's file; null for the working directory.</summary>
    internal OpenFile? File => _hasUse ? _use.File : null;

    /// <errors>EBADF: neither AT_FDCWD nor open. ENOTDIR: a file without a place in the tree, as a pipe.</errors>
    internal static bool TryGet(
        UserThread caller, int directoryFd, ReadOnlySpan<byte> path, out PathStart start, out Errno error)
    {
        start = default;
        error = Errno.None;
        bool isAbsolute = !path.IsEmpty && path[0] == '/';
        if (directoryFd == AtBits.AT_FDCWD || isAbsolute) return true;
        if (!caller.Descriptors.TryUseAny(directoryFd, out FileUse use, out error)) return false;
        start = new PathStart(use);
        if (path.IsEmpty || !use.File.Location.IsNone) return true;
        start.Dispose();
        error = Errno.ENOTDIR;
        return false;
    }

    public void Dispose()
    {
        if (_hasUse) _use.Dispose();
    }
}
