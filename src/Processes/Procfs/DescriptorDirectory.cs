using System;
using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Files.Systems;

namespace Cashew.Processes;

/// <summary>A directory with a name for each open descriptor: /proc/PID/fd and fdinfo.</summary>
internal abstract class DescriptorDirectory(
    GeneratedFilesystem filesystem, Subject subject, ulong number, in NewNode node, int firstSlot,
    InodeType type)
    : GeneratedDirectory(filesystem, number, node)
{
    private readonly int _firstSlot = firstSlot;
    private readonly InodeType _type = type;

    protected GeneratedFilesystem Owner { get; } = filesystem;

    protected Subject Subject { get; } = subject;

    public sealed override bool CachesName(Inode? found) => false;

    /// <summary>A link or a file about one descriptor, which the caller keeps open meanwhile.</summary>
    protected abstract Inode Create(int fd, OpenFile file, ulong number);

    protected sealed override bool TryFindChanging(
        ReadOnlySpan<byte> name, [NotNullWhen(true)] out Inode? inode)
    {
        inode = null;
        if (Subject.IsGone || !ProcfsNames.TryParse(name, out int fd)) return false;
        if (Subject.Thread?.DescriptorsOrNone is not { } descriptors) return false;
        if (!descriptors.TryGet(fd, out OpenFile? file)) return false;
        inode = Create(fd, file, Subject.InodeNumber(_firstSlot + fd));
        file.Release();
        return true;
    }

    protected sealed override Errno ListChanging(ref long position, ref DirectorySink sink)
    {
        if (Subject.IsGone) return Errno.ENOENT;
        if (Subject.Thread?.DescriptorsOrNone is not { } descriptors) return Errno.None;
        Span<byte> name = stackalloc byte[NameRules.MaxNameBytes];
        int from = (int)Math.Max(0, position - FirstChanging);
        for (int fd = descriptors.NextOpen(from); fd >= 0; fd = descriptors.NextOpen(fd + 1))
        {
            int length = ProcfsNames.Format(fd, name);
            long next = FirstChanging + fd + 1;
            ulong number = Subject.InodeNumber(_firstSlot + fd);
            if (!sink.TryAdd(name[..length], number, _type, next)) return Errno.None;
            position = next;
        }

        return Errno.None;
    }
}
