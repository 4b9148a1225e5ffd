using Cashew.Files;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Net;

/// <summary>All open files in messages that wait to be received, and which socket they wait in.</summary>
/// <remarks>Kept apart from the messages themselves, because the search for circles
/// (<see cref="TravelingCircles"/>)
/// looks at all sockets at one moment: what is in a package here is counted as traveling, and nothing else
/// is.</remarks>
/// <locking>One sleeping lock for lists and counts. Taken under the lock of the queue that the message is
/// put into or
/// taken from.</locking>
internal static class TravelingFiles
{
    private static readonly SleepLock s_lock = new(LockRank.TravelingFiles);

    /// <summary>The sockets among them, each once.</summary>
    internal static UnixSocket? FirstSocket { get; private set; }

    internal static SleepLock.Guard Acquire() => s_lock.Acquire();

    /// <summary>The package waits in a socket from now on.</summary>
    internal static void Add(FilePackage package, UnixSocket holder)
    {
        using SleepLock.Guard guard = s_lock.Acquire();
        package.Sender.AddTravelingFiles(package.Files.Length);
        package.Holder = holder;
        package.Previous = null;
        package.Next = holder.FirstPackage;
        if (package.Next is not null) package.Next.Previous = package;
        holder.FirstPackage = package;
        foreach (OpenFile file in package.Files)
        {
            if (file is UnixSocket socket && socket.AddTravelingReference()) Link(socket);
        }
    }

    /// <summary>Takes the package off: its references are the caller's. False when somebody has been faster:
    /// it was found
    /// that nobody could receive it.</summary>
    internal static bool TryTake(FilePackage package)
    {
        using SleepLock.Guard guard = s_lock.Acquire();
        if (package.Holder is null) return false;
        TakeLocked(package);
        return true;
    }

    /// <summary>References of one's own to the files of a package that stays where it is
    /// (MSG_PEEK).</summary>
    internal static OpenFile[]? Copy(FilePackage package)
    {
        using SleepLock.Guard guard = s_lock.Acquire();
        if (package.Holder is null) return null;
        foreach (OpenFile file in package.Files) file.Retain();
        return package.Files;
    }

    internal static void TakeLocked(FilePackage package)
    {
        UnixSocket holder = package.Holder!;
        if (package.Previous is null) holder.FirstPackage = package.Next;
        else package.Previous.Next = package.Next;
        if (package.Next is not null) package.Next.Previous = package.Previous;
        package.Holder = null;
        package.Next = null;
        package.Previous = null;
        package.Sender.AddTravelingFiles(-package.Files.Length);
        foreach (OpenFile file in package.Files)
        {
            if (file is UnixSocket socket && socket.DropTravelingReference()) Unlink(socket);
        }
    }

    private static void Link(UnixSocket socket)
    {
        socket.NextTraveling = FirstSocket;
        if (FirstSocket is not null) FirstSocket.PreviousTraveling = socket;
        FirstSocket = socket;
    }

    private static void Unlink(UnixSocket socket)
    {
        if (socket.PreviousTraveling is null) FirstSocket = socket.NextTraveling;
        else socket.PreviousTraveling.NextTraveling = socket.NextTraveling;
        if (socket.NextTraveling is not null) socket.NextTraveling.PreviousTraveling = socket.PreviousTraveling;
        socket.NextTraveling = null;
        socket.PreviousTraveling = null;
    }
}
