using System;
using System.Numerics;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Memory;
using Cashew.Tasks;

namespace Cashew.Files;

/// <summary>select(2) in terms of poll(2): sets of bits to descriptors with events, and back.</summary>
/// <source>select(2), "Correspondence between select() and poll() notifications".</source>
public static class SelectSet
{
    private const int BitsPerWord = 64;
    private const int PollFdBytes = 8;
    private const uint ReadEvents = PollBits.POLLRDNORM | PollBits.POLLRDBAND | PollBits.POLLIN | PollBits.POLLHUP
        | PollBits.POLLERR | PollBits.POLLNVAL;

    private const uint WriteEvents = PollBits.POLLWRBAND | PollBits.POLLWRNORM | PollBits.POLLOUT | PollBits.POLLERR
        | PollBits.POLLNVAL;

    // What is no open file but a place (O_PATH) is POLLNVAL, and in all sets.
    private const uint ExceptionEvents = PollBits.POLLPRI | PollBits.POLLNVAL;

    /// <summary>Waits, and leaves in the sets the bits of what is ready. All have the same length; one that
    /// the caller did not give is empty of bits.</summary>
    /// <param name="count">One more than the highest descriptor looked at.</param>
    /// <returns>How many bits are set, or EBADF: a bit stands for a descriptor that is not open.
    /// ENOMEM.</returns>
    public static IoResult Wait(
        DescriptorTable descriptors, int count, Span<ulong> readers, Span<ulong> writers, Span<ulong> exceptions,
        Nanoseconds deadline, out WakeReason reason)
    {
        reason = WakeReason.Woken;
        int fds = CountFds(count, readers, writers, exceptions);
        if (!LargeArray.TryReserve((long)fds * PollFdBytes)) return Errno.ENOMEM;
        PollFd[] entries = new PollFd[fds];
        Collect(entries, count, readers, writers, exceptions);
        _ = PollSet.Wait(descriptors, entries, deadline, out reason);
        foreach (ref readonly PollFd entry in entries.AsSpan())
        {
            if ((ushort)entry.revents == PollBits.POLLNVAL && !IsOpen(descriptors, entry.fd)) return Errno.EBADF;
        }

        readers.Clear();
        writers.Clear();
        exceptions.Clear();
        int bits = 0;
        foreach (ref readonly PollFd entry in entries.AsSpan())
        {
            if (entry.revents == 0) continue;

            // Only what was asked for: events carries which set the descriptor was in.
            uint asked = (ushort)entry.events;
            uint found = (ushort)entry.revents;
            bits += Mark(readers, entry.fd, asked & ReadMark, found & ReadEvents);
            bits += Mark(writers, entry.fd, asked & WriteMark, found & WriteEvents);
            bits += Mark(exceptions, entry.fd, asked & ExceptionMark, found & ExceptionEvents);
        }

        return bits;
    }

    // Bits that are in one set's events only, and tell where a descriptor came from.
    private const uint ReadMark = PollBits.POLLRDNORM;
    private const uint WriteMark = PollBits.POLLWRNORM;
    private const uint ExceptionMark = PollBits.POLLPRI;

    private static bool IsOpen(DescriptorTable descriptors, int fd) => descriptors.TryGetFlags(fd, out _);

    private static int CountFds(int count, Span<ulong> readers, Span<ulong> writers, Span<ulong> exceptions)
    {
        int fds = 0;
        for (int word = 0; word * BitsPerWord < count; word++)
        {
            fds += BitOperations.PopCount(Masked(readers[word] | writers[word] | exceptions[word], word, count));
        }

        return fds;
    }

    private static void Collect(
        PollFd[] entries, int count, Span<ulong> readers, Span<ulong> writers, Span<ulong> exceptions)
    {
        int at = 0;
        for (int word = 0; word * BitsPerWord < count; word++)
        {
            ulong any = Masked(readers[word] | writers[word] | exceptions[word], word, count);
            for (; any != 0; any &= any - 1)
            {
                ulong bit = any & (~any + 1);
                uint events = 0;
                if ((readers[word] & bit) != 0) events |= ReadEvents;
                if ((writers[word] & bit) != 0) events |= WriteEvents;
                if ((exceptions[word] & bit) != 0) events |= ExceptionEvents;
                int fd = word * BitsPerWord + BitOperations.TrailingZeroCount(any);
                entries[at++] = new PollFd { fd = fd, events = (short)events };
            }
        }
    }

    private static ulong Masked(ulong bits, int word, int count)
    {
        int left = count - word * BitsPerWord;
        return left >= BitsPerWord ? bits : bits & ((1UL << left) - 1);
    }

    private static int Mark(Span<ulong> set, int fd, uint asked, uint found)
    {
        if (asked == 0 || found == 0) return 0;
        set[fd / BitsPerWord] |= 1UL << (fd % BitsPerWord);
        return 1;
    }
}
