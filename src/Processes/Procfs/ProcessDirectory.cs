using System;
using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Files.Systems;

namespace Cashew.Processes;

/// <summary>/proc/PID, or /proc/PID/task/TID. Its files are made when somebody looks them up, and forgotten
/// afterwards.</summary>
internal sealed class ProcessDirectory : GeneratedDirectory
{
    private readonly GeneratedFilesystem _filesystem;
    private readonly Subject _subject;

    internal ProcessDirectory(GeneratedFilesystem filesystem, Subject subject)
        : base(
            filesystem, subject.InodeNumber(ProcfsNumbers.DirectorySlot),
            subject.Node(Abi.Mode.S_IFDIR | GeneratedMode.Directory))
    {
        _filesystem = filesystem;
        _subject = subject;
    }

    /// <summary>Null of a thread's directory.</summary>
    internal Process? Process => _subject.IsTask ? null : _subject.Process;

    public override bool CachesName(Inode? found) => false;

    protected override bool TryFindChanging(ReadOnlySpan<byte> name, [NotNullWhen(true)] out Inode? inode)
    {
        inode = null;
        if (_subject.IsGone) return false;
        ProcessEntry[] entries = ProcessEntries.All;
        for (int i = 0; i < entries.Length; i++)
        {
            if (!entries[i].IsIn(_subject) || !entries[i].Name.SequenceEqual(name)) continue;
            inode = entries[i].Create(_filesystem, _subject, ProcfsNumbers.FirstEntrySlot + i);
            return true;
        }

        return false;
    }

    protected override Errno ListChanging(ref long position, ref DirectorySink sink)
    {
        if (_subject.IsGone) return Errno.ENOENT;
        ProcessEntry[] entries = ProcessEntries.All;
        for (int i = (int)Math.Max(0, position - FirstChanging); i < entries.Length; i++)
        {
            if (!entries[i].IsIn(_subject)) continue;
            long next = FirstChanging + i + 1;
            ulong number = _subject.InodeNumber(ProcfsNumbers.FirstEntrySlot + i);
            if (!sink.TryAdd(entries[i].Name, number, entries[i].Type, next)) return Errno.None;
            position = next;
        }

        return Errno.None;
    }
}
