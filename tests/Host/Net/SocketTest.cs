using System;
using System.Text;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Host.Files;
using Cashew.Machine;
using Cashew.Net;
using Xunit;

namespace Cashew.Host.Net;

/// <summary>Sockets without threads: all calls are made by one process, and none waits.</summary>
public abstract class SocketTest : FilesTest
{
    private readonly FileAccount _account = new();

    protected SocketTest() => SocketCaller.Install(new OnlyCaller(this));

    protected FileAccount Account => _account;

    public override void Dispose()
    {
        Assert.Equal(0, _account.TravelingFileCount);
        base.Dispose();
    }

    protected static UnixSocket New(int type)
    {
        Assert.Equal(Errno.None, UnixSocket.Create(type, OpenBits.O_NONBLOCK, out UnixSocket? socket));
        return socket!;
    }

    protected static (UnixSocket One, UnixSocket Other) NewPair(int type)
    {
        (UnixSocket one, UnixSocket other) = (New(type), New(type));
        UnixSocket.Join(one, other);
        return (one, other);
    }

    protected static byte[] Address(string name)
        => [SocketDomain.AF_UNIX, 0, .. Encoding.ASCII.GetBytes(name.Replace('@', '\0'))];

    protected static IoResult Send(UnixSocket socket, ReadOnlySpan<byte> bytes)
    {
        OutgoingMessage message = default;
        message.Data = new UserSource(bytes);
        return socket.Send(ref message);
    }

    /// <summary>Sends a byte and files, each with a reference that is the message's.</summary>
    protected IoResult SendFiles(UnixSocket socket, params OpenFile[] files)
    {
        foreach (OpenFile file in files) file.Retain();
        FilePackage package = new(files, _account);
        OutgoingMessage message = default;
        message.Data = new UserSource("x"u8);
        message.Files = package;
        IoResult result = socket.Send(ref message);
        message.Files?.Release();
        return result;
    }

    protected static IoResult Receive(UnixSocket socket, Span<byte> buffer, out OpenFile[] files)
    {
        IncomingMessage message = default;
        message.Data = new UserDestination(buffer);
        IoResult result = socket.Receive(ref message);
        files = message.Files ?? [];
        return result;
    }

    private sealed class OnlyCaller(SocketTest test) : SocketCaller
    {
        public override Credentials Credentials => test.Credentials;
        public override int ProcessId => 1;
        public override FileCaller FileCaller => test.Caller;
        public override FileAccount Account => test.Account;
        public override int DescriptorLimit => 1024;
        public override bool ProcessExists(int id) => id == 1;
    }
}
