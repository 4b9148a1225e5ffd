using System;
using Cashew.Files.Systems;

namespace Cashew.Processes;

/// <summary>/proc/sys/fs/mqueue.</summary>
/// <source>mq_overview(7), "/proc interfaces".</source>
internal static class MqueueEntries
{
    internal static void AddTo(ProcFilesystem proc)
    {
        Add(proc, "queues_max"u8, static () => MqueueLimits.Queues, static value => MqueueLimits.Queues = value,
            int.MinValue, int.MaxValue);
        AddCount(
            proc, "msg_max"u8, static () => MqueueLimits.Messages, static value => MqueueLimits.Messages = value);
        AddCount(
            proc, "msg_default"u8, static () => MqueueLimits.DefaultMessages,
            static value => MqueueLimits.DefaultMessages = value);
        AddLength(
            proc, "msgsize_max"u8, static () => MqueueLimits.MessageBytes,
            static value => MqueueLimits.MessageBytes = value);
        AddLength(
            proc, "msgsize_default"u8, static () => MqueueLimits.DefaultMessageBytes,
            static value => MqueueLimits.DefaultMessageBytes = value);
    }

    private static void AddCount(ProcFilesystem proc, ReadOnlySpan<byte> name, Func<long> read, Action<long> store)
        => Add(proc, name, read, store, 1, MqueueLimits.MostMessages);

    private static void AddLength(ProcFilesystem proc, ReadOnlySpan<byte> name, Func<long> read, Action<long> store)
        => Add(proc, name, read, store, MqueueLimits.LeastMessageBytes, MqueueLimits.MostMessageBytes);

    private static void Add(
        ProcFilesystem proc, ReadOnlySpan<byte> name, Func<long> read, Action<long> store, long least, long greatest)
        => proc.AddFile(
            [.. "sys/fs/mqueue/"u8, .. name], GeneratedMode.OwnerWrites, new SysctlNumber(read, store, least, greatest));
}
