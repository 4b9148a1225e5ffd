using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Tasks;
using Volatile = System.Threading.Volatile;

namespace Cashew.Processes;

/// <summary>A thread that runs a user program: what Linux calls a task.</summary>
/// <locking>
/// Fields without a remark belong to the thread itself. Those that others read (credentials, descriptors, name)
/// are references to immutable or self-locking objects, replaced as a whole.
/// </locking>
public class UserThread : Thread
{
    private Credentials _credentials;
    private DescriptorTable? _descriptors;
    private FilesystemContext? _filesystem;

    internal UserThread(
        Process process, Pid pid, Credentials credentials, DescriptorTable descriptors, FilesystemContext filesystem)
    {
        Process = process;
        Pid = pid;
        _credentials = credentials;
        _descriptors = descriptors;
        _filesystem = filesystem;
        Account = UserAccounts.Retain(credentials.UserId);
    }

    /// <summary>The user thread that runs on this processor. Only where a kernel thread cannot be.</summary>
    public static new UserThread Current => (UserThread)Thread.Current;

    public Process Process { get; }

    public int Id => Pid.Number;

    internal Pid Pid;

    public CommandName Name { get; set; }

    public ThreadSignals SignalState { get; } = new();

    /// <summary>Whose limits its processes and queued signals count against: the real user.</summary>
    internal UserAccount Account;

    public Credentials Credentials
    {
        get => Volatile.Read(ref _credentials);
        set
        {
            Accounts.Move(this, value);
            Volatile.Write(ref _credentials, value);
        }
    }

    /// <summary>The open files; null only of a thread that has exited.</summary>
    public DescriptorTable? DescriptorsOrNone => Volatile.Read(ref _descriptors);

    public DescriptorTable Descriptors => _descriptors!;

    public FilesystemContext? FilesystemOrNone => Volatile.Read(ref _filesystem);

    public FilesystemContext Filesystem => _filesystem!;
}
