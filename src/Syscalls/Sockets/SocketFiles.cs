using System;
using Cashew.Files.Systems;
using Cashew.Net;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>What /proc says of sockets.</summary>
/// <source>socket(7), "/proc interfaces"; unix(7); proc_pid_net(5).</source>
public static class SocketFiles
{
    private const long LeastSendBytes = 4608;
    private const long LeastReceiveBytes = 2304;

    public static void AddTo(ProcFilesystem proc)
    {
        NetworkTexts.Add("unix"u8, new UnixSocketList());
        proc.AddText("cashew/sockets"u8, SocketCounts.Append);
        AddNumber(
            proc, "sys/net/core/wmem_default"u8, static () => NetworkLimits.DefaultSendBytes,
            static value => NetworkLimits.DefaultSendBytes = (int)value, LeastSendBytes);
        AddNumber(
            proc, "sys/net/core/wmem_max"u8, static () => NetworkLimits.MostSendBytes,
            static value => NetworkLimits.MostSendBytes = (int)value, LeastSendBytes);
        AddNumber(
            proc, "sys/net/core/rmem_default"u8, static () => NetworkLimits.DefaultReceiveBytes,
            static value => NetworkLimits.DefaultReceiveBytes = (int)value, LeastReceiveBytes);
        AddNumber(
            proc, "sys/net/core/rmem_max"u8, static () => NetworkLimits.MostReceiveBytes,
            static value => NetworkLimits.MostReceiveBytes = (int)value, LeastReceiveBytes);
        AddNumber(
            proc, "sys/net/core/somaxconn"u8, static () => NetworkLimits.MostPendingConnections,
            static value => NetworkLimits.MostPendingConnections = (int)value, 0);
        AddNumber(
            proc, "sys/net/unix/max_dgram_qlen"u8, static () => NetworkLimits.MostPendingDatagrams,
            static value => NetworkLimits.MostPendingDatagrams = (int)value, 0);
    }

    private static void AddNumber(
        ProcFilesystem proc, ReadOnlySpan<byte> path, Func<long> read, Action<long> store, long least)
        => proc.AddFile(path, GeneratedMode.OwnerWrites, new SysctlNumber(read, store, least, int.MaxValue - 1));
}
