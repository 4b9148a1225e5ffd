using System;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Memory;

/// <content>Copying from one file to another.</content>
public partial class PageCache
{
    /// <summary>Writes what another file has in memory, page by page, up to its end or the first page that is
    /// not there.
    /// </summary>
    /// <param name="source">May be this file, if the ranges do not overlap.</param>
    /// <param name="from">Where in the source.</param>
    /// <param name="to">Where in this file.</param>
    /// <param name="lengthBytes">At most so many.</param>
    /// <returns>Bytes copied; 0: the source's page must be read first, or there is none.</returns>
    /// <errors>As <see cref="Write"/>, before the first byte.</errors>
    /// <locking>Takes this file's contents lock; of the source only the spin lock of its pages.</locking>
    public IoResult CopyCached(PageCache source, long from, long to, long lengthBytes)
    {
        Span<Frame> frames = stackalloc Frame[BatchPages];
        using SleepLock.Guard guard = _contents.Acquire();
        long done = 0;
        while (done < lengthBytes)
        {
            long rest = long.Min(lengthBytes - done, source.LengthBytes - (from + done));
            if (rest <= 0) break;

            long pages = PagesFor((from + done) % PageBytes + rest);
            Span<Frame> batch = frames[..(pages < BatchPages ? (int)pages : BatchPages)];
            if (source.GetCachedPages((from + done) / PageBytes, batch) == 0) break;

            IoResult copied = CopyBatchLocked(batch, from + done, to + done, rest, out bool isWhole);
            if (copied.IsError) return done > 0 ? done : copied;
            done += copied.Count;
            if (!isWhole) break;
        }

        return done;
    }

    /// <summary>Copies out of a batch of pages up to the first that is missing, and gives back their
    /// references.</summary>
    /// <param name="isWhole">Nothing was in the way of the whole batch.</param>
    private IoResult CopyBatchLocked(
        scoped Span<Frame> batch, long from, long to, long lengthBytes, out bool isWhole)
    {
        Span<Frame> targets = stackalloc Frame[BatchPages];
        targets = targets[..batch.Length];
        FindTargetsLocked(targets, from, to, lengthBytes);
        long done = 0;
        isWhole = true;
        Errno error = Errno.None;
        for (int i = 0; i < batch.Length; i++)
        {
            isWhole &= !batch[i].IsNone;
            if (isWhole)
            {
                int inPage = (int)((ulong)(from + done) % PageBytes);
                int chunk = ChunkBytes(from + done, lengthBytes - done);
                Span<byte> bytes = batch[i].Bytes.Slice(inPage, chunk);
                IoResult written = chunk;
                if (targets[i].IsNone)
                {
                    UserSource piece = new(bytes);
                    written = WriteLocked(to + done, ref piece);
                }
                else
                {
                    bytes.CopyTo(targets[i].Bytes[inPage..]);
                }

                error = written.Error;
                done += written.Count;
                isWhole = written.Count == chunk;
            }

            if (!batch[i].IsNone) batch[i].Release();
            if (!targets[i].IsNone) targets[i].Release();
        }

        return done > 0 || error == Errno.None ? done : error;
    }

    /// <summary>This file's pages that correspond to a batch, where they need only be written; none if there
    /// is more to it: other places in the page, a longer file, a seal.</summary>
    private void FindTargetsLocked(scoped Span<Frame> targets, long from, long to, long lengthBytes)
    {
        targets.Clear();
        bool areAlike = (from - to) % PageBytes == 0 && Seals <= FileSeals.Seal;
        long end = to + long.Min(lengthBytes, (long)targets.Length * PageBytes);
        if (!areAlike || end > _lengthBytes) return;

        using SpinLock<State>.Guard guard = _pages.Acquire();
        for (int i = 0; i < targets.Length; i++)
        {
            if (!guard.State.Tree.TryFind(to / PageBytes + i, out PageSlot slot)) continue;
            if (slot.State != PageState.Dirty) continue;
            targets[i] = slot.Frame;
            targets[i].Retain();
        }
    }
}
