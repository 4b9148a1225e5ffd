using Cashew.Abi;
using Cashew.Files;

namespace Cashew.Processes;

/// <summary>A process as a file: a name for it that no other process can come to have. It is readable once
/// the process has ended.</summary>
/// <source>pidfd_open(2).</source>
public sealed class ProcessFile : OpenFile
{
    /// <param name="process">Whom it names, alive or not.</param>
    /// <param name="flags">PIDFD_NONBLOCK.</param>
    public ProcessFile(Process process, uint flags)
        : base(AnonymousFilesystem.AddUser(), default, OpenBits.O_RDWR | (flags & PidfdBits.PIDFD_NONBLOCK)) =>
        Process = process;

    public Process Process { get; }

    public override bool HasReadiness => true;

    public override uint Poll(PollTable? table)
    {
        table?.Add(Process.GetEnds(), PollBits.POLLIN);
        return Process.State == ProcessState.Live ? 0 : PollBits.POLLIN | PollBits.POLLRDNORM;
    }

    public override void AppendName(ByteBuilder text, PathLocation root) => text.Append("anon_inode:[pidfd]"u8);

    /// <source>proc_pid_fdinfo(5); clone(2), CLONE_PIDFD: a process that has been waited for has no number.
    /// </source>
    public override bool AppendDetails(ByteBuilder text, ref long position)
    {
        long number = Process.State == ProcessState.Reaped ? -1 : Process.Id;
        text.Append("Pid:\t"u8).Append(number).Append("\nNSpid:\t"u8).Append(number).Append((byte)'\n');
        return false;
    }
}
