using System;
using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Files.Systems;

namespace Cashew.Processes;

/// <summary>/proc/PID/ns: the namespaces that a process is in.</summary>
/// <source>proc_pid_ns(5), namespaces(7).</source>
internal sealed class NamespaceDirectory(
    GeneratedFilesystem filesystem, Subject subject, ulong number, in NewNode node)
    : GeneratedDirectory(filesystem, number, node)
{
    private readonly GeneratedFilesystem _filesystem = filesystem;
    private readonly Subject _subject = subject;

    public override bool CachesName(Inode? found) => false;

    protected override bool TryFindChanging(ReadOnlySpan<byte> name, [NotNullWhen(true)] out Inode? inode)
    {
        inode = null;
        if (_subject.IsGone) return false;
        for (int i = 0; i < Namespaces.All.Length; i++)
        {
            if (!name.SequenceEqual(Namespaces.All[i].Name)) continue;
            inode = new NamespaceLink(_filesystem, NumberOf(i), _subject, Namespaces.All[i]);
            return true;
        }

        return false;
    }

    protected override Errno ListChanging(ref long position, ref DirectorySink sink)
    {
        if (_subject.IsGone) return Errno.ENOENT;
        for (int i = (int)Math.Max(0, position - FirstChanging); i < Namespaces.All.Length; i++)
        {
            long next = FirstChanging + i + 1;
            if (!sink.TryAdd(Namespaces.All[i].Name, NumberOf(i), InodeType.SymbolicLink, next)) return Errno.None;
            position = next;
        }

        return Errno.None;
    }

    private ulong NumberOf(int entry) => _subject.InodeNumber(ProcfsNumbers.FirstNamespaceSlot + entry);

    private sealed class NamespaceLink(
        GeneratedFilesystem filesystem, ulong number, Subject subject, Namespaces.Entry entry)
        : MagicLink(filesystem, number, subject.Node(Abi.Mode.S_IFLNK | GeneratedMode.Link), subject)
    {
        private readonly Namespaces.Entry _entry = entry;

        protected override Errno AppendTarget(ByteBuilder text, PathLocation root)
        {
            if (_entry.InodeOf(Subject) is not NamespaceInode inode) return Errno.ENOENT;
            inode.AppendName(text);
            return Errno.None;
        }

        protected override bool TryFollow(out PathLocation target, out Errno error)
        {
            NamespaceInode? inode = _entry.InodeOf(Subject);
            target = inode?.Filesystem.LocateUnnamed(inode) ?? default;
            error = inode is null ? Errno.ENOENT : Errno.None;
            return inode is not null;
        }
    }
}
