using System;
using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Files.Systems;
using Cashew.Memory;

namespace Cashew.Processes;

/// <summary>/proc/PID/mem: the process's memory, at the addresses where it has it.</summary>
/// <source>proc_pid_mem(5).</source>
internal sealed class ProcessMemoryEntry(ReadOnlySpan<byte> name)
    : ProcessEntry(name, Abi.Mode.S_IFREG | GeneratedMode.OwnerOnly)
{
    internal override Inode Create(GeneratedFilesystem filesystem, Subject subject, int slot)
        => new MemoryInode(filesystem, subject, slot, Mode);

    private sealed class MemoryInode(GeneratedFilesystem filesystem, Subject subject, int slot, uint mode)
        : GeneratedInode(filesystem, subject.InodeNumber(slot), subject.Node(mode))
    {
        private readonly Subject _subject = subject;

        /// <errors>ESRCH: the process has gone. EACCES: the caller may not attach to it.</errors>
        public override bool TryOpen(
            in OpenRequest request, [NotNullWhen(true)] out OpenFile? file, out Errno error)
        {
            file = null;
            error = _subject.IsGone ? Errno.ESRCH
                : _subject.IsInspectable(request.Caller.Credentials) ? Errno.None
                : Errno.EACCES;
            if (error != Errno.None) return false;
            file = new ProcessMemoryFile(this, request, _subject.Process.Memory);
            return true;
        }

        public override Errno SetLength(long lengthBytes) => Errno.None;
    }
}
