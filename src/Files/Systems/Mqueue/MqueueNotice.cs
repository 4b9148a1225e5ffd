namespace Cashew.Files.Systems;

/// <summary>A process that wants to hear of the next message that comes to an empty queue; the process model
/// derives from it.</summary>
/// <source>mq_notify(3).</source>
public abstract class MqueueNotice
{
    /// <summary>Whose it is.</summary>
    public abstract object Process { get; }

    public abstract int ProcessId { get; }

    /// <summary>SIGEV_NONE or SIGEV_SIGNAL.</summary>
    public abstract int Kind { get; }

    /// <summary>0 for none.</summary>
    public abstract int Signal { get; }

    /// <summary>Tells the process; the caller is who sent the message.</summary>
    /// <locking>Sleeping locks may be held, spin locks not.</locking>
    public abstract void Send();
}
