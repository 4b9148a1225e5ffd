using System;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Files.Systems;
using Cashew.Tasks;

namespace Cashew.Net;

/// <summary>/proc/net/unix.</summary>
/// <source>proc_pid_net(5): the columns; zeros stand for the kernel's address, as for those without
/// privilege.</source>
public sealed class UnixSocketList : FileContents
{
    private const int SocketsInPiece = 32;
    private const ulong ListensFlag = 0x10000;

    private enum ShownState
    {
        Unconnected = 1,
        Connecting = 2,
        Connected = 3,
    }

    public override Errno Append(ByteBuilder text, ref TextCursor cursor)
    {
        if (cursor.Position == 0) text.Append("Num       RefCount Protocol Flags    Type St Inode Path\n"u8);
        using SleepLock.Guard guard = UnixSocket.AcquireConnections();
        UnixSocket? socket = UnixSockets.FollowingLocked(cursor.Position);
        for (int count = 0; socket is not null && count < SocketsInPiece; count++, socket = socket.NextListed)
        {
            Append(text, socket);
            cursor.Position = socket.ListNumber;
        }

        if (socket is null) cursor.Finish();
        return Errno.None;
    }

    private static void Append(ByteBuilder text, UnixSocket socket)
    {
        bool isConnected = socket.State == UnixState.Connected;
        ShownState state = isConnected ? ShownState.Connected : ShownState.Unconnected;
        if (socket.IsUnaccepted) state = ShownState.Connecting;
        text.AppendPaddedHex(0, 16).Append(": "u8).AppendPaddedHex(isConnected ? 3u : 2u, 8);
        text.Append(" 00000000 "u8).AppendPaddedHex(socket.IsListening ? ListensFlag : 0, 8);
        text.Append((byte)' ').AppendPaddedHex((ulong)socket.Type, 4);
        text.Append((byte)' ').AppendPaddedHex((ulong)state, 2);
        text.Append((byte)' ').Append(socket.IsUnaccepted ? 0 : socket.Inode.Number, 5);
        if (socket.BoundName is UnixName name) AppendName(text, name);
        text.Append((byte)'\n');
    }

    private static void AppendName(ByteBuilder text, UnixName name)
    {
        text.Append((byte)' ');
        ReadOnlySpan<byte> path = name.IsAbstract ? name.Path : name.Path[..^1];
        foreach (byte value in path) text.Append(value == 0 ? (byte)'@' : value);
    }
}
