using System.Threading;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Memory;

namespace Cashew.Files;

/// <summary>Signals the owner of an open directory when something happens in it (F_NOTIFY,
/// "dnotify").</summary>
/// <remarks>An open file has one at most, kept with it; what is asked for later is added.</remarks>
/// <locking>None: what it waits for is one word.</locking>
/// <source>fcntl(2), "File and directory change notification (dnotify)".</source>
internal sealed class DirectoryWatch(OpenFile directory, DescriptorTable table, int fd) : FileWatch(directory.Inode)
{
    // What goes with POLL_MSG.
    private const uint Band = PollBits.POLLIN | PollBits.POLLRDNORM | PollBits.POLLMSG;

    private readonly FileAttachments _attachments = directory.Attachments;
    private readonly int _fd = fd;
    private uint _wanted;

    private DescriptorTable Table { get; } = table;

    private bool IsOver => Volatile.Read(ref _wanted) == 0;

    /// <summary>Asks for more, or, with nothing but DN_MULTISHOT, for nothing any more.</summary>
    /// <param name="file">A directory.</param>
    /// <param name="table">Whose descriptor it was; to close it ends the watch.</param>
    /// <param name="fd">What signals call the file.</param>
    /// <param name="wanted">DN_*.</param>
    /// <errors>ENOTDIR. ENOMEM.</errors>
    internal static Errno Set(OpenFile file, DescriptorTable table, int fd, uint wanted)
    {
        if ((wanted & ~FcntlCommand.DN_MULTISHOT) == 0)
        {
            file.AttachmentsOrNone?.DropDirectoryWatch();
            return Errno.None;
        }

        if (!file.Inode.IsDirectory) return Errno.ENOTDIR;
        FileAttachments attachments = file.Attachments;
        while (true)
        {
            if (Volatile.Read(ref attachments.DirectoryWatch) is { } existing)
            {
                if (existing.TryAsk(wanted)) return Errno.None;
            }
            else if (!KernelObjects.MayCreateFile())
            {
                return Errno.ENOMEM;
            }

            DirectoryWatch watch = new(file, table, fd) { _wanted = wanted };
            FileWatches.Attach(watch);
            DirectoryWatch? seen = Volatile.Read(ref attachments.DirectoryWatch);
            bool mayReplace = seen is null || seen.IsOver;
            if (mayReplace && Interlocked.CompareExchange(ref attachments.DirectoryWatch, watch, seen) == seen)
            {
                return Errno.None;
            }

            watch.End();
        }
    }

    /// <summary>A descriptor of a table for the file was closed: the watch ends if it was made
    /// there.</summary>
    internal static void DescriptorClosed(FileAttachments attachments, DescriptorTable closed)
    {
        DirectoryWatch? watch = Volatile.Read(ref attachments.DirectoryWatch);
        if (watch is not null && ReferenceEquals(watch.Table, closed)) attachments.DropDirectoryWatch();
    }

    internal override void Tell(uint happened, uint cookie, byte[] name)
    {
        uint wanted = Volatile.Read(ref _wanted);
        if ((wanted & Translate(happened)) == 0) return;
        bool goesOn = (wanted & FcntlCommand.DN_MULTISHOT) != 0;
        if (!goesOn && !TryFinish()) return;
        _attachments.Owner?.Send(_attachments.OwnerSignal, _fd, SigInfoCode.POLL_MSG, Band);
    }

    internal override void End() => _ = TryFinish();

    /// <summary>False: it is over.</summary>
    private bool TryAsk(uint wanted)
    {
        uint seen = Volatile.Read(ref _wanted);
        while (seen != 0)
        {
            uint found = Interlocked.CompareExchange(ref _wanted, seen | wanted, seen);
            if (found == seen) return true;
            seen = found;
        }

        return false;
    }

    /// <summary>False: it was over already.</summary>
    private bool TryFinish()
    {
        if (Interlocked.Exchange(ref _wanted, 0) == 0) return false;
        FileWatches.Detach(this);
        return true;
    }

    private static uint Translate(uint happened) => (happened & ~InotifyBits.IN_ISDIR) switch
    {
        InotifyBits.IN_ACCESS => FcntlCommand.DN_ACCESS,
        InotifyBits.IN_MODIFY => FcntlCommand.DN_MODIFY,
        InotifyBits.IN_CREATE or InotifyBits.IN_MOVED_TO => FcntlCommand.DN_CREATE,
        InotifyBits.IN_DELETE or InotifyBits.IN_MOVED_FROM => FcntlCommand.DN_DELETE,
        FileWatches.RenamedWithin => FcntlCommand.DN_RENAME,
        InotifyBits.IN_ATTRIB => FcntlCommand.DN_ATTRIB,
        _ => 0,
    };
}
