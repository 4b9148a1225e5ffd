namespace Cashew.Files.Systems;

/// <summary>What message queues ask of the process model, which installs one at boot: who makes the
/// call.</summary>
public abstract class MqueueCaller
{
    private static MqueueCaller? s_installed;

    public static MqueueCaller Installed => s_installed!;

    public static void Install(MqueueCaller caller) => s_installed = caller;

    /// <summary>What the queues of its user count against.</summary>
    public abstract FileAccount Account { get; }

    /// <summary>RLIMIT_MSGQUEUE.</summary>
    public abstract ulong LimitBytes { get; }

    /// <summary>Its process, to be compared with <see cref="MqueueNotice.Process"/>.</summary>
    public abstract object Process { get; }
}
