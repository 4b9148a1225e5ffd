using Cashew.Abi;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Files;

/// <content>
/// What can be done with an open file. None of these waits for anything to happen: where there is nothing to
/// read or no room to write, they say EAGAIN, and <see cref="Blocking"/> waits. (They do sleep on locks, and
/// disks may be read.) What a kind of file does not override answers what Linux answers.
/// </content>
public abstract partial class OpenFile
{
    /// <summary>Whether there is an offset: pread(2), pwrite(2) and lseek(2) are ESPIPE without.</summary>
    public virtual bool IsSeekable => false;

    /// <summary>Whether O_DIRECT means something: of the files that there are, only to pipes.</summary>
    public virtual bool KnowsDirect => false;

    /// <summary>Whether a blocking write goes on until all is written. Files without readiness write all at
    /// once.</summary>
    public virtual bool WritesInPieces => false;

    /// <summary>Whether EPIPE comes with SIGPIPE.</summary>
    public virtual bool RaisesBrokenPipe => true;

    /// <param name="offset">Meaningless when not seekable.</param>
    /// <errors>EINVAL: the file cannot be read. EISDIR. EAGAIN. EFAULT: bad memory before the first byte.
    /// EIO.</errors>
    protected virtual IoResult ReadCore(ref UserDestination destination, long offset) => Errno.EINVAL;

    /// <summary>A page of the file as it lies in memory, for who copies from it; the caller releases the
    /// frame.</summary>
    /// <param name="bytes">What there is of it from the offset on, to the end of the page or of the
    /// file.</param>
    /// <returns>False: read instead.</returns>
    public virtual bool TryLendPage(long offset, out Frame frame, out System.Span<byte> bytes)
    {
        frame = default;
        bytes = default;
        return false;
    }

    /// <param name="offset">Where to write; set to where the data went when the file is appended to.</param>
    /// <param name="limitBytes">RLIMIT_FSIZE: no byte at or beyond it is written.</param>
    /// <errors>EINVAL: the file cannot be written. EAGAIN. EPIPE. EFAULT. ENOSPC. EFBIG. EIO.</errors>
    protected virtual IoResult WriteCore(ref UserSource source, ref long offset, long limitBytes) => Errno.EINVAL;

    /// <summary>A write at the end, whatever the flags are; the same for files without offsets.</summary>
    /// <param name="offset">Set to where the data went.</param>
    /// <inheritdoc cref="WriteCore"/>
    protected virtual IoResult AppendCore(ref UserSource source, ref long offset, long limitBytes)
        => WriteCore(ref source, ref offset, limitBytes);

    /// <summary>Whether reads and writes can be asked not to wait, be the file's own mode what it is
    /// (RWF_NOWAIT).
    /// </summary>
    public virtual bool KnowsNoWait => false;

    /// <summary>What a reader gets whose wait has ended early, by time or by a signal: a terminal may have
    /// part of what was waited for.</summary>
    /// <param name="reason">TimedOut: what there is, be it nothing. Interrupted: nothing is EAGAIN.</param>
    protected internal virtual IoResult ReadAvailable(ref UserDestination destination, WakeReason reason)
        => Errno.EAGAIN;

    /// <summary>Whether <see cref="Poll"/> has something to tell. What is always ready cannot be watched by
    /// epoll.</summary>
    public virtual bool HasReadiness => false;

    /// <summary>Which of the events of poll(2) there are now. With a table, whoever polls is also told when
    /// that may have changed: the file registers the table with its queues before it looks.</summary>
    public virtual uint Poll(PollTable? table)
        => PollBits.POLLIN | PollBits.POLLRDNORM | PollBits.POLLOUT | PollBits.POLLWRNORM;

    /// <summary>Whether a reader that got EAGAIN should try again; when not, what to wait for. Differs from
    /// <see cref="Poll"/> only for terminals, which have a minimum and a timer.</summary>
    /// <param name="wait">How long and for how much this read waits already.</param>
    protected internal virtual bool IsReadReady(PollTable? table, ref ReadWait wait)
    {
        const uint ready = PollBits.POLLIN | PollBits.POLLRDNORM | PollBits.POLLHUP | PollBits.POLLERR
            | PollBits.POLLRDHUP;
        return (Poll(table) & ready) != 0;
    }

    /// <summary>The same for a writer. Differs from <see cref="Poll"/> where one write needs more room than
    /// another.</summary>
    /// <param name="source">What is to be written; it stays where it is.</param>
    protected internal virtual bool IsWriteReady(PollTable? table, in UserSource source)
    {
        const uint ready = PollBits.POLLOUT | PollBits.POLLWRNORM | PollBits.POLLERR | PollBits.POLLHUP;
        return (Poll(table) & ready) != 0;
    }

    /// <summary>Reads when there was nothing at first: waits until there is.</summary>
    /// <errors>ERESTARTSYS, or EINTR if the wait must not begin anew: a signal came first. EAGAIN: the file's
    /// own time-out.
    /// </errors>
    public virtual IoResult ReadWaiting(ref UserDestination destination)
        => Blocking.WaitAndRead(this, ref destination);

    /// <summary>Waits until a writer that got EAGAIN, or wrote a part, should go on.</summary>
    /// <inheritdoc cref="ReadWaiting"/>
    public virtual Errno AwaitWritable(in UserSource source)
        => Blocking.WaitToWrite(this, in source) ? Errno.None : Errno.ERESTARTSYS;

    /// <summary>Device-specific control. What every file has (FIOCLEX, FIONBIO, FIOASYNC) the system call
    /// does.</summary>
    /// <errors>ENOTTY: the command is not for this kind of file.</errors>
    public virtual IoResult Control(uint command, ulong argument) => Errno.ENOTTY;

    /// <summary>Where data or a hole begins, at or after an offset (lseek(2), SEEK_DATA and
    /// SEEK_HOLE).</summary>
    /// <errors>ENXIO: the offset is beyond the end, or there is no data behind it. EINVAL: not that kind of
    /// file.</errors>
    protected virtual IoResult SeekContents(long offset, bool toData) => Errno.EINVAL;

    /// <summary>Hands on directory entries from the current offset, which moves.</summary>
    public virtual Errno ReadDirectory(ref DirectorySink sink) => Errno.ENOTDIR;

    /// <summary>Allocates or frees room (fallocate(2)).</summary>
    /// <param name="limitBytes">RLIMIT_FSIZE: no room is allocated beyond it.</param>
    /// <errors>ENODEV: no regular file. EOPNOTSUPP: the file system, or the mode.</errors>
    public virtual Errno Allocate(int mode, long offset, long lengthBytes, long limitBytes)
        => Inode.Type switch
        {
            InodeType.Fifo => Errno.ESPIPE,
            InodeType.Directory => Errno.EISDIR,
            _ => Errno.ENODEV,
        };

    /// <summary>Writes to the device what is only in memory (fsync(2)).</summary>
    /// <errors>EINVAL: the file is of a kind that cannot be synchronized. EIO.</errors>
    public virtual Errno Synchronize() => Errno.EINVAL;

    /// <summary>close(2) was called on a descriptor: unlike <see cref="Closed"/>, each time.</summary>
    public virtual Errno Flush() => Errno.None;

    /// <summary>Whether the open itself still waits for somebody, as that of one end of a FIFO does for the
    /// other.</summary>
    protected internal virtual bool IsOpenPending(PollTable? table) => false;

    /// <summary>What the link in /proc/PID/fd shows.</summary>
    /// <param name="root">The root of who looks.</param>
    public virtual void AppendName(ByteBuilder text, PathLocation root) => PathText.Append(text, Location, root);

    /// <summary>What /proc/PID/fdinfo shows of files of this kind alone, in whole lines.</summary>
    /// <source>proc_pid_fdinfo(5).</source>
    /// <param name="position">Where to go on; 0 at first.</param>
    /// <returns>Whether there is more; the text is made in pieces.</returns>
    public virtual bool AppendDetails(ByteBuilder text, ref long position) => false;
}
