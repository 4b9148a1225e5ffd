using Cashew.Abi;
using Cashew.Files;

namespace Cashew.Net;

/// <summary>Who connected, listened or made a pair, at that time. Never changed.</summary>
/// <source>unix(7), SO_PEERCRED: the effective ids.</source>
public sealed class PeerIdentity
{
    private PeerIdentity(SocketCaller caller)
    {
        Credentials = caller.Credentials;
        Id = new Ucred { pid = caller.ProcessId, uid = Credentials.Euid, gid = Credentials.Egid };
    }

    public Ucred Id { get; }

    /// <summary>For the supplementary groups.</summary>
    public Credentials Credentials { get; }

    internal static PeerIdentity OfCaller() => new(SocketCaller.Installed);
}
