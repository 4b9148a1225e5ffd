using System;
using Cashew.Abi;
using Cashew.Tasks;

namespace Cashew.Files.Systems;

/// <summary>What a generated file says, and what it makes of what is written to it.</summary>
public abstract class FileContents
{
    /// <summary>More than the permission bits: what the opener must be allowed.</summary>
    public virtual Errno CheckOpen(in OpenRequest request) => Errno.None;

    /// <summary>Adds the next piece of the text, at least a line and at most some kilobytes, and moves the
    /// cursor. A piece is of one moment; from one piece to the next, things may have changed.</summary>
    /// <errors>ESRCH: what the file is about is gone.</errors>
    /// <locking>May sleep. The reader's lock is held (rank GeneratedText).</locking>
    public abstract Errno Append(ByteBuilder text, ref TextCursor cursor);

    /// <summary>Who waits for the text to change; null where nobody can.</summary>
    public virtual WaitQueue? Changes => null;

    /// <summary>Grows with each change that <see cref="Changes"/> tells of.</summary>
    public virtual long Version => 0;

    /// <summary>Who has polled knows of the change; otherwise who has read does.</summary>
    public virtual bool IsSeenByPolling => false;

    /// <summary>Takes what was written, as a whole.</summary>
    /// <errors>EINVAL: it makes no sense here. EPERM. ERANGE.</errors>
    /// <locking>May sleep.</locking>
    public virtual Errno Store(in FileCaller opener, ReadOnlySpan<byte> text) => Errno.EINVAL;
}
