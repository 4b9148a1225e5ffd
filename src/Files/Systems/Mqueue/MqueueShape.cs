using Cashew.Abi;

namespace Cashew.Files.Systems;

/// <summary>How many messages a queue takes, and how long they may be.</summary>
/// <source>mq_getattr(3): mq_maxmsg, mq_msgsize.</source>
public readonly struct MqueueShape(long messages, long messageBytes)
{
    // struct msg_msg and struct posix_msg_tree_node of Linux: what RLIMIT_MSGQUEUE counts for a message, and
    // for each priority that there can be.
    private const long OverheadBytes = 48;

    public long Messages { get; } = messages;

    public long MessageBytes { get; } = messageBytes;

    /// <summary>What a queue gets whose maker does not say.</summary>
    internal static MqueueShape Default => new(
        long.Min(MqueueLimits.Messages, MqueueLimits.DefaultMessages),
        long.Min(MqueueLimits.MessageBytes, MqueueLimits.DefaultMessageBytes));

    /// <summary>What counts against RLIMIT_MSGQUEUE.</summary>
    /// <source>getrlimit(2).</source>
    internal long ChargedBytes =>
        Messages * (MessageBytes + OverheadBytes) + long.Min(Messages, MqueueLimits.Priorities) * OverheadBytes;

    /// <errors>EINVAL: nothing, or more than may be.</errors>
    /// <param name="isPrivileged">CAP_SYS_RESOURCE.</param>
    internal Errno Check(bool isPrivileged)
    {
        long most = isPrivileged ? MqueueLimits.MostMessages : MqueueLimits.Messages;
        long mostBytes = isPrivileged ? MqueueLimits.MostMessageBytes : MqueueLimits.MessageBytes;
        bool isValid = Messages > 0 && MessageBytes > 0 && Messages <= most && MessageBytes <= mostBytes;
        return isValid ? Errno.None : Errno.EINVAL;
    }
}
