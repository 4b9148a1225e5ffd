using Cashew.Abi;

namespace Cashew.Files;

/// <summary>Who is told by signals what happens to a file; the process model derives from it.</summary>
/// <source>fcntl(2), "Managing signals".</source>
public abstract class FileOwner
{
    public abstract FOwnerEx Describe();

    /// <summary>Real and effective user of who chose the owner (F_GETOWNER_UIDS).</summary>
    public abstract void DescribeChooser(out uint uid, out uint euid);

    /// <summary>Sends a signal if whoever chose the owner may.</summary>
    /// <param name="signal">What F_SETSIG chose; 0: SIGIO, without a word on the file.</param>
    /// <param name="fd">The descriptor by which signals were asked for.</param>
    /// <param name="code">One of POLL_*.</param>
    /// <param name="band">The events, as poll(2) has them.</param>
    /// <locking>Sleeping locks may be held, spin locks not.</locking>
    public abstract void Send(int signal, int fd, int code, uint band);

    /// <summary>The same with SIGURG: an urgent byte has come.</summary>
    /// <locking>As <see cref="Send"/>.</locking>
    public abstract void SendUrgent();
}
