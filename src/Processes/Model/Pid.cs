namespace Cashew.Processes;

/// <summary>
/// One number of the pid space and all that goes by it. The number returns to the pool when none of the five
/// is left: a process group may outlive the process it was named after, and a session the group.
/// </summary>
/// <locking>Written under <see cref="ProcessTree.Lock"/>; each field may be read without.</locking>
public sealed class Pid
{
    public int Number { get; internal set; }

    public UserThread? Thread { get; internal set; }

    public Process? Process { get; internal set; }

    public ProcessGroup? Group { get; internal set; }

    public Session? Session { get; internal set; }

    /// <summary>A traced thread, or what its tracer has not heard of it.</summary>
    internal Tracee? Tracee { get; set; }

    internal bool IsUnused =>
        Thread is null && Process is null && Group is null && Session is null && Tracee is null;
}
