using Cashew.Files;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Net;

/// <summary>Releases the files of messages that nobody will receive.</summary>
/// <remarks>Closing a socket discards the messages in it, and with them sockets that hold messages with
/// sockets: whoever
/// comes here while one of these is being released leaves the work to who does it. The depth of the stack
/// does not
/// depend on how deep programs nest their messages.</remarks>
/// <locking>The spin lock: the list, and who works it off.</locking>
internal static class DiscardedFiles
{
    private static readonly SpinLock s_lock = new(LockRank.SocketList);
    private static FilePackage? s_first;
    private static bool s_isAtWork;

    /// <summary>Takes over the packages of a chain.</summary>
    /// <locking>May sleep; no lock is held.</locking>
    internal static void Add(FilePackage? first)
    {
        if (first is null || !Push(first)) return;
        while (TakeFirst() is FilePackage package) FilePackage.Release(package.Files);
    }

    /// <summary>Whether the caller is to work the list off.</summary>
    private static bool Push(FilePackage first)
    {
        FilePackage last = first;
        while (last.Next is not null) last = last.Next;

        using SpinLock.Guard guard = s_lock.Acquire();
        last.Next = s_first;
        s_first = first;
        bool isFree = !s_isAtWork;
        s_isAtWork = true;
        return isFree;
    }

    private static FilePackage? TakeFirst()
    {
        using SpinLock.Guard guard = s_lock.Acquire();
        FilePackage? first = s_first;
        if (first is null) s_isAtWork = false;
        else s_first = first.Next;
        return first;
    }
}
