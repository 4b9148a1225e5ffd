using System;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Tasks;
using FileBlocking = Cashew.Files.Blocking;

namespace Cashew.Syscalls;

/// <summary>Moves bytes from one open file to another: from the page where they lie, or else through a
/// buffer.</summary>
internal static class FileCopy
{
    private const int ChunkBytes = 16 * 1024;

    // Between two looks whether a signal has come: less than a millisecond on any machine.
    private const int PieceBytes = 1024 * 1024;

    /// <param name="target">Where to write; -1 for the output's own offset, which then moves.</param>
    /// <returns>Bytes copied: fewer at the end of the input, on a signal, or on an error after
    /// some.</returns>
    internal static IoResult Copy(
        OpenFile input, long from, OpenFile output, long target, long count, long limitBytes)
    {
        byte[]? buffer = null;
        long total = 0;
        while (total < count)
        {
            // What has been copied is told; a signal that comes first finds nothing to interrupt yet.
            if (total > 0 && Thread.Current.IsInterruptRequested) return total;
            long place = target < 0 ? target : target + total;
            IoResult copied = CopyCached(
                input, from + total, output, place, long.Min(count - total, PieceBytes), limitBytes);
            if (copied.IsError) return total > 0 ? total : copied;
            if (copied.Value > 0)
            {
                total += copied.Count;
                continue;
            }

            long wanted = long.Min(count - total, ChunkBytes);
            long read;
            IoResult written;
            if (input.TryLendPage(from + total, out Frame frame, out Span<byte> lent))
            {
                if (wanted < lent.Length) lent = lent[..(int)wanted];
                read = lent.Length;
                written = Write(lent, output, place, limitBytes);
                frame.Release();
            }
            else
            {
                buffer ??= new byte[(int)long.Min(count, ChunkBytes)];
                UserDestination destination = new(buffer.AsSpan(0, (int)wanted));
                IoResult result = input.ReadAt(ref destination, from + total);
                if (result.Value <= 0) return total > 0 ? total : result;
                read = result.Count;
                written = Write(buffer.AsSpan(0, (int)read), output, place, limitBytes);
            }

            if (written.IsError) return total > 0 ? total : written;
            total += written.Count;
            if (written.Count < read) return total;
        }

        return total;
    }

    /// <summary>From page to page, if both files have them; nothing if not.</summary>
    private static IoResult CopyCached(
        OpenFile input, long from, OpenFile output, long place, long count, long limitBytes)
        => place >= 0 && input is RegularFile source && output is RegularFile target
            ? target.CopyCached(source, from, place, count, limitBytes)
            : 0;

    private static IoResult Write(ReadOnlySpan<byte> bytes, OpenFile output, long place, long limitBytes)
    {
        UserSource source = new(bytes);
        return place < 0
            ? FileBlocking.Write(output, ref source, limitBytes)
            : output.WriteAt(ref source, place, limitBytes);
    }
}
