using System;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>The pair (dirfd, pathname) of the *at calls, copied and resolved as far as that needs no
/// walk.</summary>
internal readonly ref struct PathArgument : IDisposable
{
    private readonly UserPath _path;
    private readonly PathStart _start;

    private PathArgument(UserPath path, PathStart start)
    {
        _path = path;
        _start = start;
    }

    internal ReadOnlySpan<byte> Path => _path.Bytes;

    internal PathLocation Start => _start.Location;

    /// <summary>
    /// The descriptor's file when it is meant itself: the path is empty and AT_EMPTY_PATH is set. Null
    /// otherwise, and when the working directory is meant.
    /// </summary>
    internal OpenFile? Itself(int flags) =>
        (flags & AtBits.AT_EMPTY_PATH) != 0 && _path.Bytes.IsEmpty ? _start.File : null;

    /// <errors>EFAULT, ENAMETOOLONG, EBADF, ENOTDIR.</errors>
    internal static bool TryTake(
        UserThread caller, int directoryFd, UserAddress path, out PathArgument argument, out Errno error)
        => TryTake(caller, directoryFd, path, isScoped: false, out argument, out error);

    /// <param name="isScoped">Absolute paths begin at the descriptor's directory, too.</param>
    /// <inheritdoc cref="TryTake(UserThread, int, UserAddress, out PathArgument, out Errno)"/>
    internal static bool TryTake(
        UserThread caller, int directoryFd, UserAddress path, bool isScoped, out PathArgument argument,
        out Errno error)
    {
        argument = default;
        if (!UserPath.TryCopy(path, out UserPath text, out error))
        {
            return false;
        }

        if (!PathStart.TryResolve(caller, directoryFd, text.Bytes, isScoped, out PathStart start, out error))
        {
            text.Dispose();
            return false;
        }

        argument = new PathArgument(text, start);
        return true;
    }

    /// <summary>How the walk treats the end of the path, from AT_* flags of calls that follow links by
    /// default.</summary>
    internal static WalkFlags FollowUnless(int flags)
    {
        WalkFlags walk = (flags & AtBits.AT_SYMLINK_NOFOLLOW) != 0 ? WalkFlags.None : WalkFlags.FollowLast;
        return (flags & AtBits.AT_EMPTY_PATH) != 0 ? walk | WalkFlags.AllowEmpty : walk;
    }

    public void Dispose()
    {
        _start.Dispose();
        _path.Dispose();
    }
}
