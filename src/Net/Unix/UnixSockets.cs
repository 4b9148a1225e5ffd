using System;
using Cashew.Files;

namespace Cashew.Net;

/// <summary>All sockets between processes, for /proc/net/unix, and those that have a name, by name.</summary>
/// <locking>SocketConnections.</locking>
internal static class UnixSockets
{
    private const int BucketCount = 256;

    private static readonly UnixSocket?[] s_named = new UnixSocket?[BucketCount];
    private static UnixSocket? s_first;
    private static UnixSocket? s_last;
    private static long s_lastNumber;

    internal static void Add(UnixSocket socket)
    {
        using Tasks.SleepLock.Guard guard = UnixSocket.AcquireConnections();
        socket.ListNumber = ++s_lastNumber;
        socket.PreviousListed = s_last;
        if (s_last is null) s_first = socket;
        else s_last.NextListed = socket;
        s_last = socket;
    }

    internal static void RemoveLocked(UnixSocket socket)
    {
        if (socket.PreviousListed is null) s_first = socket.NextListed;
        else socket.PreviousListed.NextListed = socket.NextListed;
        if (socket.NextListed is null) s_last = socket.PreviousListed;
        else socket.NextListed.PreviousListed = socket.PreviousListed;
        if (socket.OwnsName) RemoveNameLocked(socket, socket.BoundName!);
    }

    /// <summary>The first with a greater number than the one given.</summary>
    internal static UnixSocket? FollowingLocked(long number)
    {
        UnixSocket? socket = s_first;
        while (socket is not null && socket.ListNumber <= number) socket = socket.NextListed;
        return socket;
    }

    /// <returns>False: an abstract name is taken by another socket of the type.</returns>
    internal static bool TryNameLocked(UnixSocket socket, UnixName name)
    {
        if (name.IsAbstract && FindLocked(name.Path, socket.Type) is not null) return false;
        ref UnixSocket? bucket = ref s_named[name.Hash % BucketCount];
        socket.NextNamed = bucket;
        bucket = socket;
        return true;
    }

    internal static UnixSocket? FindLocked(ReadOnlySpan<byte> path, int type)
    {
        UnixSocket? socket = s_named[UnixName.HashOf(path) % BucketCount];
        for (; socket is not null; socket = socket.NextNamed)
        {
            UnixName name = socket.BoundName!;
            if (name.IsAbstract && socket.Type == type && path.SequenceEqual(name.Path)) return socket;
        }

        return null;
    }

    internal static UnixSocket? FindLocked(Inode inode)
    {
        UnixSocket? socket = s_named[UnixName.HashOf(inode) % BucketCount];
        while (socket is not null && !ReferenceEquals(socket.BoundName!.Inode, inode)) socket = socket.NextNamed;
        return socket;
    }

    private static void RemoveNameLocked(UnixSocket socket, UnixName name)
    {
        ref UnixSocket? bucket = ref s_named[name.Hash % BucketCount];
        if (ReferenceEquals(bucket, socket))
        {
            bucket = socket.NextNamed;
            return;
        }

        UnixSocket before = bucket!;
        while (!ReferenceEquals(before.NextNamed, socket)) before = before.NextNamed!;
        before.NextNamed = socket.NextNamed;
    }
}
