using System.Threading;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>What segments, sets of semaphores and message queues have in common: key, owner,
/// permissions.</summary>
/// <source>sysvipc(7)</source>
public abstract class IpcObject
{
    private const uint PermissionMask = 0x1FF;

    // Single words, set by IPC_SET and read without a lock.
    private uint _uid;
    private uint _gid;
    private uint _mode;
    private int _isRemoved;

    private protected IpcObject(int key, uint mode, Credentials creator)
    {
        Key = key;
        _mode = mode & PermissionMask;
        _uid = creator.Euid;
        _gid = creator.Egid;
        CreatorUid = creator.Euid;
        CreatorGid = creator.Egid;
        ChangeTime = Now;
    }

    /// <summary>IPC_PRIVATE has no name. Changed under the lock of the table, when it loses its
    /// name.</summary>
    public int Key { get; internal set; }

    /// <summary>Given by the table.</summary>
    public int Id { get; internal set; }

    public uint Uid => _uid;
    public uint Gid => _gid;
    public uint CreatorUid { get; }
    public uint CreatorGid { get; }
    public uint Permissions => _mode;

    /// <summary>Seconds.</summary>
    public long ChangeTime { get; internal set; }

    /// <summary>Nobody finds it any more; who holds on to it gets EIDRM.</summary>
    internal bool IsRemoved => Volatile.Read(ref _isRemoved) != 0;

    /// <summary>What else IPC_STAT shows among the permissions.</summary>
    private protected virtual uint StateBits => 0;

    // The table's chain of those with a similar key.
    internal IpcObject? NextOfKey;

    private protected static long Now => Clock.Realtime.Value / Nanoseconds.PerSecond;

    private protected static int CallerPid => UserThread.CurrentOrNone?.Process.Id ?? 0;

    internal void MarkRemoved() => Volatile.Write(ref _isRemoved, 1);

    /// <param name="wanted">Three bits are enough, wherever they stand: those of owner, group or
    /// others.</param>
    /// <source>sysvipc(7), "Resource access permissions"</source>
    internal bool Allows(Credentials caller, uint wanted)
    {
        uint asked = (wanted >> 6) | (wanted >> 3) | wanted;
        uint granted = _mode;
        if (caller.Euid == _uid || caller.Euid == CreatorUid) granted >>= 6;
        else if (caller.IsInGroup(_gid) || caller.IsInGroup(CreatorGid)) granted >>= 3;
        return (asked & ~granted & 7) == 0 || caller.Has(Capability.CAP_IPC_OWNER);
    }

    internal void NoteChange() => ChangeTime = Now;

    /// <summary>Who may change and remove it.</summary>
    internal bool IsOwnedBy(Credentials caller) =>
        caller.Euid == _uid || caller.Euid == CreatorUid || caller.Has(Capability.CAP_SYS_ADMIN);

    /// <summary>IPC_SET.</summary>
    /// <errors>EINVAL: an id that is none.</errors>
    internal Errno SetOwner(in IpcPerm given)
    {
        if (given.uid == uint.MaxValue || given.gid == uint.MaxValue) return Errno.EINVAL;
        _uid = given.uid;
        _gid = given.gid;
        _mode = given.mode & PermissionMask;
        ChangeTime = Now;
        return Errno.None;
    }

    internal void Describe(out IpcPerm permissions)
    {
        permissions = default;
        permissions.__key = Key;
        permissions.uid = _uid;
        permissions.gid = _gid;
        permissions.cuid = CreatorUid;
        permissions.cgid = CreatorGid;
        permissions.mode = _mode | StateBits;
        permissions.__seq = (ushort)(Id / IpcLimits.MostObjects);
    }
}
