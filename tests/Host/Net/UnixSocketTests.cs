using System;
using System.Collections.Generic;
using System.Linq;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Net;
using Xunit;

namespace Cashew.Host.Net;

/// <summary>unix(7), as far as nobody has to wait; against simple models.</summary>
public sealed class UnixSocketTests : SocketTest
{
    [Theory]
    [InlineData(1, 50)]
    [InlineData(2, 5000)]
    [InlineData(3, 60_000)]
    [InlineData(4, 300_000)]
    public void Bytes_of_a_stream_come_out_as_they_went_in(int seed, int largest)
    {
        Random random = new(seed);
        (UnixSocket one, UnixSocket other) = NewPair(SocketType.SOCK_STREAM);
        Queue<byte> model = new();
        byte next = 0;
        for (int step = 0; step < 500; step++)
        {
            byte[] bytes = new byte[random.Next(1, largest)];
            if (random.Next(2) == 0)
            {
                byte first = next;
                for (int i = 0; i < bytes.Length; i++) bytes[i] = (byte)(first + i);
                IoResult sent = Send(one, bytes);
                if (sent.IsError) Assert.Equal(Errno.EAGAIN, sent.Error);
                for (int i = 0; i < sent.Count; i++) model.Enqueue((byte)(first + i));
                next = (byte)(first + sent.Count);
            }
            else
            {
                IoResult received = Receive(other, bytes, out _);
                if (model.Count == 0) Assert.Equal(Errno.EAGAIN, received.Error);
                Assert.Equal(Math.Min(bytes.Length, model.Count), (int)received.Count);
                for (int i = 0; i < received.Count; i++) Assert.Equal(model.Dequeue(), bytes[i]);
            }

            Assert.True(model.Count <= one.Settings.SendBufferBytes);
        }

        one.Release();
        other.Release();
    }

    [Theory]
    [InlineData(SocketType.SOCK_DGRAM, 1, 100)]
    [InlineData(SocketType.SOCK_DGRAM, 2, 100_000)]
    [InlineData(SocketType.SOCK_SEQPACKET, 3, 10_000)]
    public void Messages_come_out_whole(int type, int seed, int largest)
    {
        Random random = new(seed);
        (UnixSocket one, UnixSocket other) = NewPair(type);
        Queue<byte[]> model = new();
        byte[] room = new byte[largest];
        for (int step = 0; step < 500; step++)
        {
            if (random.Next(2) == 0)
            {
                byte[] bytes = new byte[random.Next(largest)];
                random.NextBytes(bytes);
                IoResult sent = Send(one, bytes);
                if (sent.IsError) Assert.Equal(Errno.EAGAIN, sent.Error);
                else model.Enqueue(bytes);
            }
            else
            {
                IoResult received = Receive(other, room, out _);
                if (model.Count == 0) Assert.Equal(Errno.EAGAIN, received.Error);
                else Assert.Equal(model.Dequeue(), room[..(int)received.Count]);
            }
        }

        one.Release();
        other.Release();
    }

    [Fact]
    public void A_message_that_finds_no_pages_leaves_the_queue_as_it_was()
    {
        (UnixSocket one, UnixSocket other) = NewPair(SocketType.SOCK_DGRAM);
        Assert.Equal(3, Send(one, "abc"u8).Count);
        Simulation.FailFrameAllocation(2);
        Assert.Equal(Errno.ENOMEM, Send(one, new byte[5 * Page]).Error);
        Simulation.StopFailingFrames();
        Assert.Equal(3, Send(one, "def"u8).Count);
        byte[] room = new byte[10];
        Assert.Equal(3, Receive(other, room, out _).Count);
        Assert.Equal(3, Receive(other, room, out _).Count);
        Assert.Equal("def"u8.ToArray(), room[..3]);
        one.Release();
        other.Release();
    }

    [Fact]
    public void Names_are_found_as_long_as_the_socket_is_open()
    {
        UnixSocket listener = New(SocketType.SOCK_STREAM);
        Assert.Equal(Errno.None, listener.Bind(Address("@name")));
        Assert.Equal(Errno.None, listener.Listen(1));
        UnixSocket client = New(SocketType.SOCK_STREAM);
        Assert.Equal(Errno.None, client.Connect(Address("@name")));
        listener.Release();
        UnixSocket second = New(SocketType.SOCK_STREAM);
        Assert.Equal(Errno.ECONNREFUSED, second.Connect(Address("@name")));
        Assert.Equal(Errno.None, second.Bind(Address("@name")));
        client.Release();
        second.Release();
    }

    // Somebody has some of the sockets; others travel. After each step what can be reached must be open, and
    // in the end
    // nothing may be left.
    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 4)]
    [InlineData(3, 8)]
    [InlineData(4, 16)]
    [InlineData(5, 16)]
    [InlineData(6, 40)]
    public void What_travels_in_circles_is_closed_and_nothing_else(int seed, int most)
    {
        Random random = new(seed);
        List<UnixSocket> held = [];
        int before = OpenFile.Count;
        for (int step = 0; step < 3000; step++)
        {
            switch (random.Next(4))
            {
                case 0 when held.Count < most:
                    (UnixSocket one, UnixSocket other) = NewPair(
                        random.Next(2) == 0 ? SocketType.SOCK_STREAM : SocketType.SOCK_DGRAM);
                    held.AddRange([one, other]);
                    break;
                case 1 when held.Count > 0:
                    UnixSocket[] sent = Enumerable.Range(0, random.Next(1, 4)).Select(_ => Pick()).ToArray();
                    _ = SendFiles(Pick(), sent);
                    break;
                case 2 when held.Count > 0:
                    _ = Receive(Pick(), new byte[1], out OpenFile[] files);
                    held.AddRange(files.Cast<UnixSocket>());
                    break;
                case 3 when held.Count > 0:
                    int index = random.Next(held.Count);
                    UnixSocket dropped = held[index];
                    held.RemoveAt(index);
                    dropped.Release();
                    break;
            }

            Assert.All(held, static socket => Assert.True(socket.TryRetain()));
            foreach (UnixSocket socket in held) socket.Release();
        }

        foreach (UnixSocket socket in held) socket.Release();
        Assert.Equal(before, OpenFile.Count);

        UnixSocket Pick() => held[random.Next(held.Count)];
    }

    [Fact]
    public void A_long_chain_of_messages_is_released_without_deep_recursion()
    {
        int before = OpenFile.Count;
        UnixSocket inner = New(SocketType.SOCK_DGRAM);
        for (int i = 0; i < 3_000; i++)
        {
            (UnixSocket one, UnixSocket other) = NewPair(SocketType.SOCK_DGRAM);
            Assert.Equal(1, SendFiles(one, inner).Count);
            inner.Release();
            one.Release();
            inner = other;
        }

        inner.Release();
        Assert.Equal(before, OpenFile.Count);
    }
}
