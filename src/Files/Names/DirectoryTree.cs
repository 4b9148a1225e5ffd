using System;
using System.Threading;
using Cashew.Abi;

namespace Cashew.Files;

/// <summary>Questions about the way from a directory up to the root.</summary>
public static class DirectoryTree
{
    // Even: nobody moves. Odd or different after a look: a directory has changed its parent meanwhile.
    private static int s_moves;

    /// <summary>Brackets the move of an entry to another parent. Callers hold a file system's rename lock, so
    /// that on one file system there is one at a time; several file systems add up, which readers do not
    /// mind.</summary>
    internal static void BeginMove() => _ = Interlocked.Increment(ref s_moves);

    /// <inheritdoc cref="BeginMove"/>
    internal static void EndMove() => _ = Interlocked.Increment(ref s_moves);

    /// <summary>Odd, or different from before: a directory has changed its parent meanwhile.</summary>
    internal static int MoveCount => Volatile.Read(ref s_moves);

    /// <summary>Whether <paramref name="dentry"/> is <paramref name="top"/> or somewhere below it, on the
    /// same file system.</summary>
    /// <locking>Stable only while the file system's rename lock is held.</locking>
    internal static bool IsBelow(Dentry dentry, Dentry top)
    {
        for (Dentry? at = dentry; at is not null; at = at.Parent)
        {
            if (ReferenceEquals(at, top)) return true;
        }

        return false;
    }

    /// <summary>The absolute path of a place as seen from a root, for getcwd(2) and /proc.</summary>
    /// <param name="isReachable">False when the place is not below the root: the path then starts at the top
    /// of whatever tree it is in.</param>
    /// <returns>False: not even a buffer of its size holds it (ENAMETOOLONG).</returns>
    public static bool TryFormat(
        PathLocation location, PathLocation root, Span<byte> buffer, out ReadOnlySpan<byte> path, out bool isReachable)
    {
        while (true)
        {
            int before = Volatile.Read(ref s_moves);
            bool fits = TryFormatOnce(location, root, buffer, out path, out isReachable);

            // A name out of the middle of a move would be a path that never was.
            if (before == Volatile.Read(ref s_moves)) return fits;
        }
    }

    /// <summary>The path of a directory inside its file system: which part a bind mount shows.</summary>
    internal static ReadOnlySpan<byte> FormatWithin(Dentry dentry, Span<byte> buffer)
    {
        int start = buffer.Length;
        for (DentryPlace place = dentry.Place; place.Parent is not null; place = place.Parent.Place)
        {
            if (place.Name.Length + 1 > start) break;
            start -= place.Name.Length;
            place.Name.AsSpan().CopyTo(buffer[start..]);
            buffer[--start] = (byte)'/';
        }

        return start == buffer.Length ? "/"u8 : buffer[start..];
    }

    private static bool TryFormatOnce(
        PathLocation location, PathLocation root, Span<byte> buffer, out ReadOnlySpan<byte> path, out bool isReachable)
    {
        path = default;
        int start = buffer.Length;
        PathLocation at = location;
        isReachable = true;
        while (at != root)
        {
            if (at.IsMountRoot)
            {
                MountPlace? place = at.Mount.Place;
                if (place is null)
                {
                    isReachable = false;
                    break;
                }

                at = new PathLocation(place.Parent, place.Point);
                continue;
            }

            DentryPlace name = at.Dentry.Place;
            if (name.Parent is null)
            {
                isReachable = false;
                break;
            }

            if (name.Name.Length + 1 > start) return false;
            start -= name.Name.Length;
            name.Name.AsSpan().CopyTo(buffer[start..]);
            buffer[--start] = (byte)'/';
            at = new PathLocation(at.Mount, name.Parent);
        }

        if (start == buffer.Length)
        {
            if (start == 0) return false;
            buffer[--start] = (byte)'/';
        }

        path = buffer[start..];
        return true;
    }
}
