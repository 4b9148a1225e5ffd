using System;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Files.Systems;
using Cashew.Tasks;

namespace Cashew.Processes;

/// <summary>The contents of a file about a process.</summary>
internal sealed class ProcessText(Subject subject, ProcessTextEntry entry) : FileContents
{
    private readonly Subject _subject = subject;
    private readonly ProcessTextEntry _entry = entry;

    /// <source>proc_pid_mounts(5).</source>
    public override WaitQueue? Changes => Mounts?.Changes;

    public override long Version => Mounts?.Version ?? 0;

    public override bool IsSeenByPolling => true;

    private MountNamespace? Mounts => _entry.ShowsMounts ? _subject.Thread?.FilesystemOrNone?.Namespace : null;

    public override Errno CheckOpen(in OpenRequest request)
    {
        if (_subject.IsGone) return Errno.ESRCH;
        bool isOpen = !_entry.IsSecret || _subject.IsInspectable(request.Caller.Credentials);
        return isOpen ? Errno.None : Errno.EACCES;
    }

    public override Errno Append(ByteBuilder text, ref TextCursor cursor)
        => _subject.IsGone ? Errno.ESRCH : _entry.Writer(_subject, text, ref cursor);

    public override Errno Store(in FileCaller opener, ReadOnlySpan<byte> text)
    {
        if (_subject.IsGone) return Errno.ESRCH;
        return _entry.Store is null ? Errno.EINVAL : _entry.Store(_subject, opener, text);
    }
}
