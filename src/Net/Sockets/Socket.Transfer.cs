using System;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Net;

/// <content>Moving messages, and waiting: the family tries, and says EAGAIN.</content>
public abstract partial class Socket
{
    /// <summary>Sends what can be sent now.</summary>
    /// <returns>How many bytes were taken.</returns>
    /// <errors>EAGAIN: there is no room. EPIPE, ENOTCONN, EMSGSIZE...</errors>
    protected abstract IoResult TrySend(ref OutgoingMessage message);

    /// <summary>Receives what there is.</summary>
    /// <errors>EAGAIN: nothing. ECONNRESET, ENOTCONN...</errors>
    protected abstract IoResult TryReceive(ref IncomingMessage message);

    /// <summary>Whether a receiver that got EAGAIN should try again.</summary>
    protected abstract bool HasInput { get; }

    /// <summary>The same for a sender.</summary>
    protected abstract bool HasRoom { get; }

    // ---- send
    // ---------------------------------------------------------------------------------------------------

    /// <summary>send(2) and its kin: waits until all is sent, unless the socket or the call says not
    /// to.</summary>
    /// <errors>ERESTARTSYS, or EINTR if there is a time-out: a signal came first.</errors>
    public IoResult Send(ref OutgoingMessage message)
    {
        bool waits = !IsNonBlocking && !message.Has(SocketMessageBits.MSG_DONTWAIT);
        Nanoseconds deadline = default;
        long total = 0;
        while (true)
        {
            IoResult result = TrySend(ref message);
            total += result.Count;
            bool goesOn = result.IsError
                ? result.Error == Errno.EAGAIN
                : IsStream && message.Data.RemainingBytes > 0 && !message.Data.HasFaulted;
            if (!goesOn || (!waits && result.IsError)) return total > 0 ? total : result;
            if (!waits || HasRoomFor(in message)) continue;

            if (deadline.Value == 0) deadline = Deadline(Settings.SendTimeout);
            Errno error = ErrorOf(WaitForRoom(in message, deadline), Settings.SendTimeout);
            if (error == Errno.None) error = TakeError();
            if (error != Errno.None) return total > 0 ? total : error;
        }
    }

    private protected virtual bool HasRoomFor(in OutgoingMessage message) => HasRoom;

    private protected virtual WakeReason WaitForRoom(in OutgoingMessage message, Nanoseconds deadline)
    {
        RoomCondition condition = new(this);
        return Sleep.Until(Writers, ref condition, SleepMode.Interruptible, deadline);
    }

    protected sealed override IoResult WriteCore(ref UserSource source, ref long offset, long limitBytes)
    {
        OutgoingMessage message = default;
        message.Data = source;
        IoResult result = TrySend(ref message);
        source = message.Data;
        return result;
    }

    public sealed override Errno AwaitWritable(in UserSource source)
    {
        OutgoingMessage message = default;
        Errno error = ErrorOf(WaitForRoom(in message, Deadline(Settings.SendTimeout)), Settings.SendTimeout);
        return error == Errno.None ? TakeError() : error;
    }

    // ---- receive
    // ------------------------------------------------------------------------------------------------

    /// <summary>recv(2) and its kin: waits for the first byte, or for as many as the socket or the call
    /// wants.</summary>
    /// <errors>As <see cref="Send"/>.</errors>
    public IoResult Receive(ref IncomingMessage message)
    {
        bool waits = !IsNonBlocking && !message.Has(SocketMessageBits.MSG_DONTWAIT);
        int wanted = message.Data.RemainingBytes;
        if (!message.Has(SocketMessageBits.MSG_WAITALL)) wanted = int.Min(wanted, Settings.ReceiveLowWater);
        Nanoseconds deadline = default;
        long total = 0;
        while (true)
        {
            IoResult result = TryReceive(ref message);
            total += result.Count;
            bool isEnough = !IsStream || total >= wanted || message.IsComplete || message.Data.HasFaulted
                || message.Has(SocketMessageBits.MSG_PEEK);
            bool goesOn = result.IsError ? result.Error == Errno.EAGAIN : !isEnough;
            if (!goesOn || !waits) return total > 0 ? total : result;
            if (HasInput) continue;

            if (deadline.Value == 0) deadline = Deadline(Settings.ReceiveTimeout);
            Errno error = ErrorOf(WaitForInput(deadline), Settings.ReceiveTimeout);
            if (error != Errno.None) return total > 0 ? total : error;
        }
    }

    protected WakeReason WaitForInput(Nanoseconds deadline)
    {
        InputCondition condition = new(this);
        return Sleep.Until(Readers, ref condition, SleepMode.Interruptible, deadline);
    }

    /// <summary>read(2), which takes nothing when it has room for nothing, not even an empty
    /// message.</summary>
    protected sealed override IoResult ReadCore(ref UserDestination destination, long offset)
    {
        if (destination.RemainingBytes == 0) return 0;
        IncomingMessage message = default;
        message.Data = destination;
        IoResult result = Settings.ReceiveLowWater > 1 ? Receive(ref message) : TryReceive(ref message);
        return Finish(ref message, ref destination, result);
    }

    public sealed override IoResult ReadWaiting(ref UserDestination destination)
    {
        IncomingMessage message = default;
        message.Data = destination;
        IoResult result = Receive(ref message);
        return Finish(ref message, ref destination, result);
    }

    // Files that came with it are lost on who has nowhere to put them.
    private static IoResult Finish(ref IncomingMessage message, ref UserDestination destination, IoResult result)
    {
        destination = message.Data;
        if (message.Files is not null) FilePackage.Release(message.Files);
        return result;
    }

    // ---- time
    // ---------------------------------------------------------------------------------------------------

    protected static Nanoseconds Deadline(Nanoseconds timeout)
        => timeout.Value == 0 ? Nanoseconds.Max : Clock.Monotonic + timeout;

    /// <source>signal(7): calls on sockets with a time-out are not begun again after a handler.</source>
    protected static Errno ErrorOf(WakeReason reason, Nanoseconds timeout) => reason switch
    {
        WakeReason.Woken => Errno.None,
        WakeReason.TimedOut => Errno.EAGAIN,
        _ => timeout.Value == 0 ? Errno.ERESTARTSYS : Errno.EINTR,
    };

    private readonly struct InputCondition(Socket socket) : ISleepCondition
    {
        public bool IsMet() => socket.HasInput;
    }

    private readonly struct RoomCondition(Socket socket) : ISleepCondition
    {
        public bool IsMet() => socket.HasRoom;
    }
}
