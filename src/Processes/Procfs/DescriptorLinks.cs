using Cashew.Files;
using Cashew.Files.Systems;

namespace Cashew.Processes;

/// <summary>/proc/PID/fd: links to the open files.</summary>
/// <source>proc_pid_fd(5).</source>
internal sealed class DescriptorLinks(
    GeneratedFilesystem filesystem, Subject subject, ulong number, in NewNode node)
    : DescriptorDirectory(
        filesystem, subject, number, node, ProcfsNumbers.FirstDescriptorSlot, InodeType.SymbolicLink)
{
    protected override Inode Create(int fd, OpenFile file, ulong number)
        => new DescriptorLink(Owner, number, Subject, fd, file);
}
