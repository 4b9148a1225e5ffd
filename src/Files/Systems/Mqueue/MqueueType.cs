using System;
using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;

namespace Cashew.Files.Systems;

/// <summary>mqueue: where POSIX message queues have their names.</summary>
/// <source>mq_overview(7).</source>
public sealed class MqueueType : FilesystemType
{
    /// <summary>There is one, and one instance of it: queues are there whether it is mounted or
    /// not.</summary>
    public static readonly MqueueType Only = new();

    private MqueueType()
        : base("mqueue")
    {
        Queues = new MqueueFilesystem(this);
    }

    public MqueueFilesystem Queues { get; }

    /// <errors>EINVAL: there are no options.</errors>
    public override bool TryMount(
        ReadOnlySpan<byte> source, ReadOnlySpan<byte> options, [NotNullWhen(true)] out Filesystem? filesystem,
        out Errno error)
    {
        error = Queues.Remount(options);
        filesystem = error == Errno.None ? Queues : null;
        return filesystem is not null;
    }
}
