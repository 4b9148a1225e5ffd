namespace Cashew.Processes;

/// <summary>Which children a wait is about.</summary>
public readonly struct WaitTarget
{
    private WaitTarget(WaitTargetKind kind, int id)
    {
        Kind = kind;
        Id = id;
    }

    public WaitTargetKind Kind { get; }

    public int Id { get; }

    public static WaitTarget Any => default;

    public static WaitTarget Process(int pid) => new(WaitTargetKind.Process, pid);

    public static WaitTarget Group(int groupId) => new(WaitTargetKind.Group, groupId);

    internal bool Includes(Process child) => Kind switch
    {
        WaitTargetKind.Process => child.Id == Id,
        WaitTargetKind.Group => child.Group.Id == Id,
        _ => true,
    };
}
