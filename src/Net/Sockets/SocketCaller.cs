using Cashew.Abi;
using Cashew.Files;

namespace Cashew.Net;

/// <summary>Who makes the system call that runs, as far as sockets want to know: they tell the other end,
/// and messages
/// can be written by write(2), which says nothing of its caller. The rooms above install it.</summary>
public abstract class SocketCaller
{
    private static SocketCaller? s_installed;

    public static void Install(SocketCaller caller) => s_installed = caller;

    internal static SocketCaller Installed => s_installed!;

    public abstract Credentials Credentials { get; }

    public abstract int ProcessId { get; }

    /// <summary>For path names of sockets.</summary>
    public abstract FileCaller FileCaller { get; }

    /// <summary>What the caller's user has on its way in messages.</summary>
    public abstract FileAccount Account { get; }

    /// <summary>RLIMIT_NOFILE.</summary>
    public abstract int DescriptorLimit { get; }

    /// <summary>Whether there is a process of that number.</summary>
    public abstract bool ProcessExists(int id);

    /// <summary>Who somebody's message is from, unless the sender says otherwise: the process and its real
    /// ids.</summary>
    /// <source>unix(7), SCM_CREDENTIALS.</source>
    internal Ucred Sender
    {
        get
        {
            Credentials credentials = Credentials;
            return new Ucred { pid = ProcessId, uid = credentials.Uid, gid = credentials.Gid };
        }
    }
}
