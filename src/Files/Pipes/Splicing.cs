using System;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Memory;
using Cashew.Tasks;

namespace Cashew.Files;

/// <summary>Moves pages between pipes, and between pipes and other files.</summary>
/// <errors>All of these: EAGAIN: would have to wait, and may not. ERESTARTSYS: a signal came first. EPIPE:
/// nobody reads.</errors>
/// <locking>No lock is held.</locking>
/// <source>splice(2), tee(2).</source>
public static class Splicing
{
    private const uint Readable = PollBits.POLLIN | PollBits.POLLHUP;
    private const uint Writable = PollBits.POLLOUT | PollBits.POLLERR;

    public static bool IsPipe(OpenFile file) => file is PipeFile;

    public static bool IsSamePipe(OpenFile one, OpenFile other) => PipeOf(one) == PipeOf(other);

    /// <summary>Out of a pipe, until it is empty.</summary>
    /// <param name="target">Where to write; -1 for the output's own offset, which then moves.</param>
    public static IoResult ToFile(
        OpenFile from, OpenFile output, long target, long count, bool waits, long limitBytes)
    {
        Pipe pipe = PipeOf(from);
        PipeBatch batch = default;
        long total = 0;
        while (total < count)
        {
            Errno error = pipe.BeginDrain(batch, count - total, out int segments);
            if (error == Errno.EAGAIN && total == 0) error = MayTryAgain(from, Readable, waits);
            if (error == Errno.EAGAIN && total == 0 && waits) continue;
            if (error != Errno.None) return total > 0 ? total : error;
            if (segments == 0) break;

            long moved = 0;
            IoResult written = 0;
            bool isComplete = true;
            foreach (ref readonly PipeSegment segment in ((ReadOnlySpan<PipeSegment>)batch)[..segments])
            {
                if (isComplete)
                {
                    UserSource source = new((ReadOnlySpan<byte>)segment.Bytes);
                    written = target < 0
                        ? Blocking.Write(output, ref source, limitBytes)
                        : output.WriteAt(ref source, target + total + moved, limitBytes);
                    moved += written.Count;
                    isComplete = written.Count == segment.LengthBytes;
                }

                segment.Page.Release();
            }

            pipe.EndDrain(moved);
            total += moved;
            if (!isComplete) return total > 0 ? total : written;
        }

        return total;
    }

    /// <summary>Into a pipe, until it is full. Waits for the pipe; the input decides itself whether it
    /// waits.</summary>
    /// <param name="start">Where to read, if the input has offsets. It does not move.</param>
    public static IoResult FromFile(OpenFile input, long start, OpenFile to, long count, bool waits)
    {
        Pipe pipe = PipeOf(to);
        PipeBatch batch = default;
        long total = 0;
        while (total < count)
        {
            long pages = (count - total + PipeBuffer.PageBytes - 1) / PipeBuffer.PageBytes;
            Errno error = pipe.TryReserve((int)long.Min(pages, PipeBatch.Length), out int slots);
            if (error == Errno.EAGAIN && total == 0) error = MayTryAgain(to, Writable, waits);
            if (error == Errno.EAGAIN && total == 0 && waits) continue;
            if (error != Errno.None) return total > 0 ? total : error;

            IoResult read = Load(input, start + total, ((Span<PipeSegment>)batch)[..slots], count - total, out int filled);
            pipe.Fill(((ReadOnlySpan<PipeSegment>)batch)[..filled], slots);
            if (read.Value <= 0) return total > 0 ? total : read;
            total += read.Count;
            if (filled < slots || !input.IsSeekable) break;
        }

        return total;
    }

    /// <summary>From one pipe into another.</summary>
    public static IoResult Move(OpenFile from, OpenFile to, long count, bool waits)
        => Pass(from, to, count, waits, isCopy: false);

    /// <summary>The same, and leaves what it passes on where it is.</summary>
    public static IoResult Tee(OpenFile from, OpenFile to, long count, bool waits)
        => Pass(from, to, count, waits, isCopy: true);

    private static IoResult Pass(OpenFile from, OpenFile to, long count, bool waits, bool isCopy)
    {
        Pipe source = PipeOf(from);
        Pipe target = PipeOf(to);
        PipeBatch batch = default;
        Span<PipeSegment> segments = batch;
        while (true)
        {
            // Both first, as nothing is to be taken from the one that the other has no room for.
            if (waits)
            {
                Errno wait = WaitForBoth(from, source, to);
                if (wait != Errno.None) return wait;
            }

            Errno error = target.TryReserve(PipeBatch.Length, out int slots);
            int passed = 0;
            if (error == Errno.None)
            {
                error = isCopy
                    ? source.Share(segments[..slots], count, out passed)
                    : source.BeginDrain(segments[..slots], count, out passed);
                long bytes = 0;
                foreach (ref readonly PipeSegment segment in segments[..passed]) bytes += segment.LengthBytes;
                target.Fill(segments[..passed], slots);
                if (passed > 0)
                {
                    if (!isCopy) source.EndDrain(bytes);
                    return bytes;
                }
            }

            if (error != Errno.EAGAIN || !waits) return error == Errno.None ? 0 : error;
        }
    }

    private static Errno WaitForBoth(OpenFile from, Pipe source, OpenFile to)
    {
        if ((from.Poll(null) & Readable) == 0 && source.MayHaveMore)
        {
            if (Blocking.WaitFor(from, Readable, Nanoseconds.Max) == WakeReason.Interrupted) return Errno.ERESTARTSYS;
        }

        return Blocking.WaitFor(to, Writable, Nanoseconds.Max) == WakeReason.Interrupted ? Errno.ERESTARTSYS : Errno.None;
    }

    /// <summary>EAGAIN: perhaps it works now, if it may be waited for.</summary>
    private static Errno MayTryAgain(OpenFile file, uint events, bool waits)
    {
        if (!waits) return Errno.EAGAIN;
        WakeReason reason = Blocking.WaitFor(file, events, Nanoseconds.Max);
        return reason == WakeReason.Interrupted ? Errno.ERESTARTSYS : Errno.EAGAIN;
    }

    /// <summary>Reads into pages of our own, one after the other.</summary>
    private static IoResult Load(
        OpenFile input, long start, scoped Span<PipeSegment> segments, long count, out int filled)
    {
        long total = 0;
        for (filled = 0; filled < segments.Length; filled++)
        {
            if (!UserFrames.TryAllocate(out Frame page)) return total > 0 ? total : Errno.ENOMEM;

            int wanted = (int)long.Min(PipeBuffer.PageBytes, count - total);
            UserDestination destination = new(page.Bytes[..wanted]);
            IoResult read = input.IsSeekable
                ? input.ReadAt(ref destination, start + total)
                : Blocking.Read(input, ref destination);
            if (read.Value <= 0)
            {
                page.Release();
                return total > 0 ? total : read;
            }

            segments[filled] = new PipeSegment
            {
                Page = page,
                LengthBytes = (int)read.Count,
                Kind = PipeSegmentKind.Closed,
            };
            total += read.Count;
            if (read.Count < wanted || !input.IsSeekable)
            {
                filled++;
                break;
            }
        }

        return total;
    }

    private static Pipe PipeOf(OpenFile file) => ((PipeFile)file).Pipe;
}
