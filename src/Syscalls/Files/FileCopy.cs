using System;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using FileBlocking = Cashew.Files.Blocking;

namespace Cashew.Syscalls;

/// <summary>Moves bytes from one open file to another through a buffer of the kernel's.</summary>
internal static class FileCopy
{
    private const int ChunkBytes = 16 * 1024;

    /// <param name="target">Where to write; -1 for the output's own offset, which then moves.</param>
    /// <returns>Bytes copied: fewer at the end of the input, on a signal, or on an error after some.</returns>
    internal static IoResult Copy(
        OpenFile input, long from, OpenFile output, long target, long count, long limitBytes)
    {
        byte[] buffer = new byte[(int)long.Min(count, ChunkBytes)];
        long total = 0;
        while (total < count)
        {
            int wanted = (int)long.Min(count - total, buffer.Length);
            UserDestination destination = new(buffer.AsSpan(0, wanted));
            IoResult read = input.ReadAt(ref destination, from + total);
            if (read.Value <= 0) return total > 0 ? total : read;

            UserSource source = new((ReadOnlySpan<byte>)buffer.AsSpan(0, (int)read.Count));
            IoResult written = target < 0
                ? FileBlocking.Write(output, ref source, limitBytes)
                : output.WriteAt(ref source, target + total, limitBytes);
            if (written.IsError) return total > 0 ? total : written;

            total += written.Count;
            if (written.Count < read.Count) return total;
        }

        return total;
    }
}
