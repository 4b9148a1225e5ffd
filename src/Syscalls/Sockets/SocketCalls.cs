using Cashew.Abi;

namespace Cashew.Syscalls;

/// <summary>Sockets.</summary>
internal static class SocketCalls
{
    internal static void AddTo(SyscallTable table)
    {
        table.Add(
            SyscallNumber.socket, "socket",
            static (caller, in a) => SocketCreation.Socket(caller, a.A0, a.A1, a.A2),
            "AF_UNIX; other families are EAFNOSUPPORT");
        table.Add(
            SyscallNumber.socketpair, "socketpair",
            static (caller, in a) => SocketCreation.Pair(caller, a.A0, a.A1, a.A2, a.A3));
        table.Add(
            SyscallNumber.bind, "bind", static (caller, in a) => ConnectionCalls.Bind(caller, a.A0, a.A1, a.A2));
        table.Add(
            SyscallNumber.listen, "listen", static (caller, in a) => ConnectionCalls.Listen(caller, a.A0, a.A1));
        table.Add(
            SyscallNumber.connect, "connect",
            static (caller, in a) => ConnectionCalls.Connect(caller, a.A0, a.A1, a.A2));
        table.Add(
            SyscallNumber.accept, "accept",
            static (caller, in a) => ConnectionCalls.Accept(caller, a.A0, a.A1, a.A2, 0));
        table.Add(
            SyscallNumber.accept4, "accept4",
            static (caller, in a) => ConnectionCalls.Accept(caller, a.A0, a.A1, a.A2, a.A3));
        table.Add(
            SyscallNumber.getsockname, "getsockname",
            static (caller, in a) => ConnectionCalls.GetName(caller, a.A0, a.A1, a.A2));
        table.Add(
            SyscallNumber.getpeername, "getpeername",
            static (caller, in a) => ConnectionCalls.GetPeerName(caller, a.A0, a.A1, a.A2));
        table.Add(
            SyscallNumber.shutdown, "shutdown",
            static (caller, in a) => ConnectionCalls.Shutdown(caller, a.A0, a.A1));
        table.Add(
            SyscallNumber.setsockopt, "setsockopt",
            static (caller, in a) => SocketOptionCalls.Set(caller, a.A0, a.A1, a.A2, a.A3, a.A4),
            "no filters, no SO_TIMESTAMPING, no SO_BINDTODEVICE");
        table.Add(
            SyscallNumber.getsockopt, "getsockopt",
            static (caller, in a) => SocketOptionCalls.Get(caller, a.A0, a.A1, a.A2, a.A3, a.A4));
        table.Add(
            SyscallNumber.sendto, "sendto",
            static (caller, in a) => SendCalls.SendTo(caller, a.A0, a.A1, a.A2, a.A3, a.A4, a.A5));
        table.Add(
            SyscallNumber.sendmsg, "sendmsg",
            static (caller, in a) => SendCalls.SendMessage(caller, a.A0, a.A1, a.A2));
        table.Add(
            SyscallNumber.sendmmsg, "sendmmsg",
            static (caller, in a) => SendCalls.SendMessages(caller, a.A0, a.A1, a.A2, a.A3));
        table.Add(
            SyscallNumber.recvfrom, "recvfrom",
            static (caller, in a) => ReceiveCalls.ReceiveFrom(caller, a.A0, a.A1, a.A2, a.A3, a.A4, a.A5));
        table.Add(
            SyscallNumber.recvmsg, "recvmsg",
            static (caller, in a) => ReceiveCalls.ReceiveMessage(caller, a.A0, a.A1, a.A2));
        table.Add(
            SyscallNumber.recvmmsg, "recvmmsg",
            static (caller, in a) => ReceiveCalls.ReceiveMessages(caller, a.A0, a.A1, a.A2, a.A3, a.A4));
    }
}
