using System;
using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Files.Systems;

namespace Cashew.Processes;

/// <summary>/proc: the system's files and a directory for each process.</summary>
internal sealed class ProcRoot(GeneratedFilesystem filesystem, ulong number, in NewNode node)
    : GeneratedDirectory(filesystem, number, node)
{
    private readonly GeneratedFilesystem _filesystem = filesystem;

    public override bool CachesName(Inode? found) => found is not null and not ProcessDirectory;

    /// <errors>ENOENT, as of a name in a directory that is not there.</errors>
    /// <source>Linux's proc: its root finds nothing under other names, rather than room for them.</source>
    public override bool TryCreate(
        ReadOnlySpan<byte> name, in NewNode node, [NotNullWhen(true)] out Inode? inode, out Errno error)
    {
        inode = null;
        error = Errno.ENOENT;
        return false;
    }

    /// <summary>A thread's number is found, too, though only those of processes are listed.</summary>
    protected override bool TryFindChanging(ReadOnlySpan<byte> name, [NotNullWhen(true)] out Inode? inode)
    {
        inode = null;
        if (!ProcfsNames.TryParse(name, out int id) || PidTable.Find(id) is not { } pid) return false;
        Subject subject;
        if (pid.Process is { } process) subject = new Subject(process);
        else if (pid.Thread is { } thread) subject = new Subject(thread, isTask: false);
        else return false;

        inode = new ProcessDirectory(_filesystem, subject);
        return true;
    }

    protected override Errno ListChanging(ref long position, ref DirectorySink sink)
    {
        Span<byte> name = stackalloc byte[NameRules.MaxNameBytes];
        int from = (int)Math.Max(0, position - FirstChanging);
        while (PidTable.FindAtOrAfter(from) is { } pid)
        {
            from = pid.Number + 1;
            if (pid.Process is not { } process) continue;
            int length = ProcfsNames.Format(pid.Number, name);
            long next = FirstChanging + from;
            ulong inodeNumber = new Subject(process).InodeNumber(ProcfsNumbers.DirectorySlot);
            if (!sink.TryAdd(name[..length], inodeNumber, InodeType.Directory, next)) return Errno.None;
            position = next;
        }

        return Errno.None;
    }
}
