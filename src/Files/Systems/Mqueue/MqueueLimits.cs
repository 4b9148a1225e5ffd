namespace Cashew.Files.Systems;

/// <summary>The limits of POSIX message queues, to be set in /proc/sys/fs/mqueue.</summary>
/// <source>mq_overview(7), "/proc interfaces".</source>
public static class MqueueLimits
{
    /// <summary>MQ_PRIO_MAX: priorities are below.</summary>
    public const uint Priorities = 32768;

    /// <summary>HARD_MSGMAX and HARD_MSGSIZEMAX: not even a privileged process gets more.</summary>
    public const long MostMessages = 65536;
    public const long MostMessageBytes = 16 * 1024 * 1024;

    /// <summary>The least that msgsize_max may be set to.</summary>
    public const long LeastMessageBytes = 128;

    public static long Queues { get; set; } = 256;

    public static long Messages { get; set; } = 10;

    public static long MessageBytes { get; set; } = 8192;

    public static long DefaultMessages { get; set; } = 10;

    public static long DefaultMessageBytes { get; set; } = 8192;
}
