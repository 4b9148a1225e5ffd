using System;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Files.Systems;
using Cashew.Tasks;

namespace Cashew.Processes;

/// <summary>A file of one control group.</summary>
internal sealed class CgroupContents(Cgroup group, CgroupFile file) : FileContents
{
    private readonly Cgroup _group = group;
    private readonly CgroupFile _file = file;

    public override WaitQueue? Changes
        => !_file.TellsChanges ? null : IsOfMemory ? _group.MemoryEvents : _group.Events;

    public override long Version => IsOfMemory ? _group.MemoryEventsVersion : _group.EventsVersion;

    private bool IsOfMemory => _file.Controller == CgroupControllers.Memory;

    /// <errors>ENODEV: the group has been removed.</errors>
    public override Errno CheckOpen(in OpenRequest request) => _group.IsRemoved ? Errno.ENODEV : Errno.None;

    /// <errors>ENODEV: the group has been removed. EIO: it cannot be read.</errors>
    public override Errno Append(ByteBuilder text, ref TextCursor cursor)
    {
        if (_group.IsRemoved) return Errno.ENODEV;
        return _file.Text is null ? Errno.EIO : _file.Text(_group, text, ref cursor);
    }

    /// <errors>ENODEV: the group has been removed. EINVAL: it cannot be written, or not that.</errors>
    public override Errno Store(in FileCaller opener, ReadOnlySpan<byte> text)
    {
        if (_group.IsRemoved) return Errno.ENODEV;
        return _file.Store is null ? Errno.EINVAL : _file.Store(_group, opener, text.Trim(" \t\n\0"u8));
    }
}
