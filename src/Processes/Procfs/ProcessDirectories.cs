using Cashew.Files;

namespace Cashew.Processes;

/// <summary>Directories of /proc as names of processes.</summary>
/// <source>pidfd_send_signal(2).</source>
public static class ProcessDirectories
{
    /// <summary>Whom a directory /proc/PID is about; null for anything else, directories of threads
    /// too.</summary>
    public static Process? ProcessOf(Inode inode) => (inode as ProcessDirectory)?.Process;
}
