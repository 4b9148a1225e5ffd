using System;
using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Files.Systems;

namespace Cashew.Processes;

/// <summary>/proc/PID/pagemap: where each page of the process is, eight bytes a page.</summary>
/// <source>proc_pid_pagemap(5).</source>
internal sealed class PagemapEntry(ReadOnlySpan<byte> name)
    : ProcessEntry(name, Abi.Mode.S_IFREG | GeneratedMode.OwnerReads)
{
    internal override Inode Create(GeneratedFilesystem filesystem, Subject subject, int slot)
        => new PagemapInode(filesystem, subject, slot, Mode);

    private sealed class PagemapInode(GeneratedFilesystem filesystem, Subject subject, int slot, uint mode)
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
            file = new PagemapFile(this, request, _subject.Process.Memory);
            return true;
        }

        public override Errno SetLength(long lengthBytes) => Errno.None;
    }
}
