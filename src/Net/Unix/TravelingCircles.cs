using System.Threading;
using Cashew.Files;
using Cashew.Tasks;

namespace Cashew.Net;

/// <summary>Finds sockets that only messages refer to which wait in just such sockets: nobody can ever
/// receive
/// them, and no count of references comes to zero by itself.</summary>
/// <remarks>
/// A candidate is a socket all of whose references travel. References that wait in candidates are taken off
/// its count; a
/// candidate with some left can be reached from outside, and so can what waits in it. The rest is given up.
/// Circles can come about only when the last reference of another kind goes, which is when this is called.
/// </remarks>
/// <locking>SocketConnections, because connections that nobody has accepted yet belong to who listens, and
/// TravelingFiles: all counts are of one moment.</locking>
/// <source>unix(7): closing a descriptor that travels in a circle must free it; how is ours.</source>
internal static class TravelingCircles
{
    private static long s_searches;
    private static long s_given;

    /// <summary>How often somebody looked, for /proc/cashew/sockets.</summary>
    internal static long SearchCount => Volatile.Read(ref s_searches);

    /// <summary>Packages that were given up.</summary>
    internal static long GivenUpCount => Volatile.Read(ref s_given);

    /// <locking>May sleep; no lock is held.</locking>
    internal static void Search()
    {
        FilePackage? givenUp = null;
        using (UnixSocket.AcquireConnections())
        using (TravelingFiles.Acquire())
        {
            _ = Interlocked.Increment(ref s_searches);
            MarkCandidates();
            DiscountAmongCandidates();
            SpreadFromReachable();
            givenUp = TakeAll(ChainLost());
        }

        DiscardedFiles.Add(givenUp);
    }

    private static void MarkCandidates()
    {
        for (UnixSocket? socket = TravelingFiles.FirstSocket; socket is not null; socket = socket.NextTraveling)
        {
            socket.Search = socket.BeginSearch();
        }
    }

    private static void DiscountAmongCandidates()
    {
        for (UnixSocket? socket = TravelingFiles.FirstSocket; socket is not null; socket = socket.NextTraveling)
        {
            if (!socket.Search.IsCandidate) continue;
            for (UnixSocket? holder = socket; holder is not null; holder = socket.NextHolder(holder))
            {
                for (FilePackage? package = holder.FirstPackage; package is not null; package = package.Next)
                {
                    foreach (OpenFile file in package.Files)
                    {
                        if (file is UnixSocket { Search.IsCandidate: true } held) held.Search.References--;
                    }
                }
            }
        }
    }

    /// <summary>What can be reached is no candidate any more, and neither is what waits in it.</summary>
    private static void SpreadFromReachable()
    {
        UnixSocket? toDo = null;
        for (UnixSocket? socket = TravelingFiles.FirstSocket; socket is not null; socket = socket.NextTraveling)
        {
            if (socket.Search is { IsCandidate: true, References: > 0 }) Reach(socket, ref toDo);
        }

        while (toDo is not null)
        {
            UnixSocket reached = toDo;
            toDo = reached.Search.Following;
            reached.Search.Following = null;
            for (UnixSocket? holder = reached; holder is not null; holder = reached.NextHolder(holder))
            {
                for (FilePackage? package = holder.FirstPackage; package is not null; package = package.Next)
                {
                    foreach (OpenFile file in package.Files)
                    {
                        if (file is UnixSocket { Search.IsCandidate: true } held) Reach(held, ref toDo);
                    }
                }
            }
        }
    }

    private static void Reach(UnixSocket socket, ref UnixSocket? toDo)
    {
        socket.Search.IsCandidate = false;
        socket.Search.Following = toDo;
        toDo = socket;
    }

    // A chain of its own: taking packages takes sockets off the list.
    private static UnixSocket? ChainLost()
    {
        UnixSocket? first = null;
        for (UnixSocket? socket = TravelingFiles.FirstSocket; socket is not null; socket = socket.NextTraveling)
        {
            if (!socket.Search.IsCandidate) continue;
            socket.Search.Following = first;
            first = socket;
        }

        return first;
    }

    private static FilePackage? TakeAll(UnixSocket? lost)
    {
        FilePackage? taken = null;
        for (; lost is not null; lost = lost.Search.Following)
        {
            for (UnixSocket? holder = lost; holder is not null; holder = lost.NextHolder(holder))
            {
                while (holder.FirstPackage is FilePackage package)
                {
                    TravelingFiles.TakeLocked(package);
                    package.Next = taken;
                    taken = package;
                    _ = Interlocked.Increment(ref s_given);
                }
            }
        }

        return taken;
    }

    /// <summary>What the search notes about a socket; its locks.</summary>
    internal struct Note
    {
        internal bool IsCandidate;
        internal int References;
        internal UnixSocket? Following;
    }
}
