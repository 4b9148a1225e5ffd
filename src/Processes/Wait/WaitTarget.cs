namespace Cashew.Processes;

/// <summary>Which children a wait is about.</summary>
public readonly struct WaitTarget
{
    private readonly Process? _process;

    private WaitTarget(WaitTargetKind kind, int id, Process? process = null)
    {
        Kind = kind;
        Id = id;
        _process = process;
    }

    public WaitTargetKind Kind { get; }

    public int Id { get; }

    public static WaitTarget Any => default;

    public static WaitTarget Number(int pid) => new(WaitTargetKind.Process, pid);

    public static WaitTarget Group(int groupId) => new(WaitTargetKind.Group, groupId);

    /// <summary>This one, and not another that has come to have its number.</summary>
    public static WaitTarget Only(Process process) => new(WaitTargetKind.Identity, process.Id, process);

    internal bool Includes(Process child) => Kind switch
    {
        WaitTargetKind.Process => child.Id == Id,
        WaitTargetKind.Group => child.Group.Id == Id,
        WaitTargetKind.Identity => ReferenceEquals(child, _process),
        _ => true,
    };

    /// <summary>A traced thread goes by its own number.</summary>
    internal bool Includes(Tracee tracee) => Kind switch
    {
        WaitTargetKind.Process => tracee.Pid.Number == Id,
        WaitTargetKind.Group => tracee.Thread.Process.Group.Id == Id,
        WaitTargetKind.Identity => tracee.IsLeader && ReferenceEquals(tracee.Thread.Process, _process),
        _ => true,
    };
}
