using System;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Files;

/// <summary>The heart of poll(2) and of select(2).</summary>
public static class PollSet
{
    // What poll reports whether asked for or not.
    private const uint Always = PollBits.POLLERR | PollBits.POLLHUP;

    /// <summary>Waits until at least one of the descriptors is ready, and sets revents of all.</summary>
    /// <param name="deadline">On the monotonic clock; one that has passed means only to look.</param>
    /// <param name="reason">Interrupted: a signal came while nothing was ready.</param>
    /// <returns>How many descriptors have events.</returns>
    public static int Wait(
        DescriptorTable descriptors, Span<PollFd> entries, Nanoseconds deadline, out WakeReason reason)
    {
        reason = WakeReason.Woken;

        // To join the queues costs more than to look, and mostly something is ready: half the time for a
        // thousand files.
        int ready = Look(descriptors, entries, null);
        bool mayWait = ready == 0 && (deadline == Nanoseconds.Max || deadline > Clock.Monotonic);
        if (!mayWait) return ready;

        using ThreadPollTable table = ThreadPollTable.Rent();
        ready = Look(descriptors, entries, table);
        while (ready == 0 && reason == WakeReason.Woken)
        {
            reason = table.Wait(SleepMode.Interruptible, deadline);

            // Once more after a time-out or a signal, too: what is ready comes first.
            ready = Look(descriptors, entries, null);
        }

        return ready;
    }

    private static int Look(DescriptorTable descriptors, Span<PollFd> entries, PollTable? table)
    {
        int ready = 0;
        foreach (ref PollFd entry in entries)
        {
            entry.revents = (short)LookAt(descriptors, entry, table);
            if (entry.revents == 0) continue;

            // There will be no wait any more, so the rest need not tell us anything.
            ready++;
            table = null;
        }

        return ready;
    }

    private static uint LookAt(DescriptorTable descriptors, PollFd entry, PollTable? table)
    {
        if (entry.fd < 0) return 0;
        if (!descriptors.TryUse(entry.fd, out FileUse use, out _)) return PollBits.POLLNVAL;
        using (use)
        {
            return use.File.Poll(table) & ((ushort)entry.events | Always);
        }
    }
}
