using Cashew.Machine;

namespace Cashew.Files;

/// <summary>From a file to the epoll items that watch it: when it is closed, they go.</summary>
/// <source>epoll(7), Questions and answers, 6.</source>
internal static class EpollWatches
{
    private static readonly SpinLock s_lock = new(LockRank.EpollWatches);

    internal static void Add(EpollItem item)
    {
        FileAttachments attachments = item.File.Attachments;
        using SpinLock.Guard guard = s_lock.Acquire();
        item.NextWatch = attachments.FirstWatch;
        attachments.FirstWatch = item;
    }

    internal static void Remove(EpollItem item)
    {
        FileAttachments attachments = item.File.Attachments;
        using SpinLock.Guard guard = s_lock.Acquire();
        ref EpollItem? link = ref attachments.FirstWatch;
        while (link is not null && !ReferenceEquals(link, item)) link = ref link.NextWatch;
        if (link is not null) link = item.NextWatch;
    }

    /// <summary>Takes all items that watch the file out of their epolls, which may do the same at the same
    /// time. The file
    /// still works: an epoll that looks at it now finds something to look at.</summary>
    internal static void FileClosed(FileAttachments attachments)
    {
        while (First(attachments) is EpollItem item) item.Epoll.Forget(item);
    }

    private static EpollItem? First(FileAttachments attachments)
    {
        using SpinLock.Guard guard = s_lock.Acquire();
        return attachments.FirstWatch;
    }

    /// <summary>Whether anybody watches the file, to be asked under <see cref="EpollNesting"/>'s lock, under
    /// which
    /// watches of epolls do not change.</summary>
    internal static EpollItem? FirstOf(OpenFile file) => file.AttachmentsOrNone?.FirstWatch;
}
