using Cashew.Abi;
using Cashew.Files;
using Cashew.Files.Systems;

namespace Cashew.Processes;

/// <summary>/proc/PID/fdinfo: offset and flags of the open files.</summary>
/// <source>proc_pid_fdinfo(5).</source>
internal sealed class DescriptorTexts(
    GeneratedFilesystem filesystem, Subject subject, ulong number, in NewNode node)
    : DescriptorDirectory(
        filesystem, subject, number, node, ProcfsNumbers.FirstDescriptorInfoSlot, InodeType.Regular)
{
    protected override Inode Create(int fd, OpenFile file, ulong number)
        => new GeneratedFile(
            Owner, number, Subject.Node(Abi.Mode.S_IFREG | GeneratedMode.ReadOnly),
            new DescriptorText(Subject, fd));

    private sealed class DescriptorText(Subject subject, int fd) : FileContents
    {
        private readonly Subject _subject = subject;
        private readonly int _fd = fd;

        public override Errno CheckOpen(in OpenRequest request)
            => _subject.IsInspectable(request.Caller.Credentials) ? Errno.None : Errno.EACCES;

        public override Errno Append(ByteBuilder text, ref TextCursor cursor)
        {
            if (_subject.Thread?.DescriptorsOrNone is not { } descriptors) return Errno.ENOENT;
            if (!descriptors.TryGet(_fd, out OpenFile? file)) return Errno.ENOENT;

            if (cursor.Position == 0) AppendHead(text, descriptors, file);
            long position = cursor.Position;
            bool isMore = file.AppendDetails(text, ref position);
            cursor.Position = position;
            file.Release();
            if (!isMore) cursor.Finish();
            return Errno.None;
        }

        private void AppendHead(ByteBuilder text, DescriptorTable descriptors, OpenFile file)
        {
            uint flags = file.ShownFlags;
            bool closes = descriptors.TryGetFlags(_fd, out FdFlags own) && own.IsCloseOnExec;
            if (closes) flags |= OpenBits.O_CLOEXEC;
            text.Append("pos:\t"u8).Append(file.Offset);
            text.Append("\nflags:\t0"u8).AppendOctal(flags);
            text.Append("\nmnt_id:\t"u8).Append((long)file.LinkTarget.Mount.Id);
            text.Append("\nino:\t"u8).Append(file.Inode.Number).Append((byte)'\n');
        }
    }
}
