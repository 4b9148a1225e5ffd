using Cashew.Abi;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Files;

/// <summary>The edge where files block: operations themselves say EAGAIN, and here the caller waits and tries
/// again.</summary>
/// <errors>ERESTARTSYS: a signal came before anything was done. EAGAIN: the file is non-blocking.</errors>
/// <locking>No lock is held.</locking>
public static class Blocking
{
    /// <summary>read(2): waits until there is something, then takes what there is.</summary>
    public static IoResult Read(OpenFile file, ref UserDestination destination)
    {
        IoResult result = file.Read(ref destination);
        return result.Error == Errno.EAGAIN && !file.IsNonBlocking ? file.ReadWaiting(ref destination) : result;
    }

    /// <summary>write(2): waits until all is written. A signal, or an error, ends it with the count so
    /// far.</summary>
    /// <param name="limitBytes">RLIMIT_FSIZE.</param>
    public static IoResult Write(OpenFile file, ref UserSource source, long limitBytes = long.MaxValue) =>
        Write(file, ref source, limitBytes, out _);

    /// <inheritdoc cref="Write(OpenFile, ref UserSource, long)"/>
    /// <param name="file">Where to.</param>
    /// <param name="source">What; it moves on.</param>
    /// <param name="limitBytes">RLIMIT_FSIZE.</param>
    /// <param name="end">The error that ended it, told or not.</param>
    public static IoResult Write(OpenFile file, ref UserSource source, long limitBytes, out Errno end)
    {
        end = Errno.None;
        IoResult first = file.Write(ref source, limitBytes);
        return source.RemainingBytes == 0 && !first.IsError ? first : GoOn(file, ref source, limitBytes, first, out end);
    }

    private static IoResult GoOn(
        OpenFile file, ref UserSource source, long limitBytes, IoResult result, out Errno end)
    {
        long total = 0;
        while (true)
        {
            total += result.Count;
            end = result.Error;
            bool goesOn = result.IsError
                ? result.Error == Errno.EAGAIN
                : source.RemainingBytes > 0 && !source.HasFaulted && file.WritesInPieces;
            if (!goesOn || file.IsNonBlocking) return total > 0 ? total : result;

            Errno error = file.AwaitWritable(in source);
            if (error != Errno.None) return total > 0 ? total : error;
            result = file.Write(ref source, limitBytes);
        }
    }

    /// <summary>Waits for any of some events of poll(2).</summary>
    public static WakeReason WaitFor(OpenFile file, uint events, Nanoseconds deadline)
    {
        using ThreadPollTable table = ThreadPollTable.Rent();
        if ((file.Poll(table) & events) != 0) return WakeReason.Woken;
        while (true)
        {
            WakeReason reason = table.Wait(SleepMode.Interruptible, deadline);
            if (reason != WakeReason.Woken || (file.Poll(null) & events) != 0) return reason;
        }
    }

    /// <summary>Waits for what an open has to wait for.</summary>
    internal static Errno CompleteOpen(OpenFile file)
    {
        if (!file.IsOpenPending(null)) return Errno.None;

        using ThreadPollTable table = ThreadPollTable.Rent();
        if (!file.IsOpenPending(table)) return Errno.None;
        do
        {
            if (table.Wait(SleepMode.Interruptible, Nanoseconds.Max) == WakeReason.Interrupted) return Errno.ERESTARTSYS;
        }
        while (file.IsOpenPending(null));
        return Errno.None;
    }

    /// <summary>False: a signal came first.</summary>
    internal static bool WaitToWrite(OpenFile file, in UserSource source)
    {
        using ThreadPollTable table = ThreadPollTable.Rent();
        bool isReady = file.IsWriteReady(table, in source);
        while (!isReady)
        {
            if (table.Wait(SleepMode.Interruptible, Nanoseconds.Max) == WakeReason.Interrupted) return false;
            isReady = file.IsWriteReady(null, in source);
        }

        return true;
    }

    internal static IoResult WaitAndRead(OpenFile file, ref UserDestination destination)
    {
        int requestedBytes = destination.RemainingBytes;
        ReadWait wait = ReadWait.For(requestedBytes);
        using ThreadPollTable table = ThreadPollTable.Rent();
        while (true)
        {
            WakeReason reason = WakeReason.Woken;
            if (!file.IsReadReady(table, ref wait)) reason = table.Wait(SleepMode.Interruptible, wait.Deadline);
            table.Clear();

            IoResult result = reason == WakeReason.Woken
                ? file.Read(ref destination)
                : file.ReadAvailable(ref destination, reason);
            if (result.Error != Errno.EAGAIN) return result;
            if (reason == WakeReason.Interrupted) return Errno.ERESTARTSYS;
            if (file.IsNonBlocking) return Errno.EAGAIN;

            // The time was for what somebody else has read meanwhile: from the start.
            if (reason == WakeReason.TimedOut) wait = ReadWait.For(requestedBytes);
        }
    }
}
