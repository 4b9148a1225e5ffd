using System.Threading;
using Cashew.Abi;

namespace Cashew.Files;

/// <summary>What one inotify instance wants to hear of one file.</summary>
internal sealed class InotifyWatch(InotifyFile owner, Inode inode, int descriptor, uint mask) : FileWatch(inode)
{
    // What is told whether it was asked for or not.
    private const uint Always = InotifyBits.IN_UNMOUNT;

    private uint _mask = mask;

    internal InotifyFile Owner { get; } = owner;
    internal int Descriptor { get; } = descriptor;

    /// <summary>Events and flags as they were asked for; changed under the owner's lock.</summary>
    internal uint Mask
    {
        get => Volatile.Read(ref _mask);
        set => Volatile.Write(ref _mask, value);
    }

    /// <summary>Nothing is queued any more; the lock of the owner's queue.</summary>
    internal bool IsEnded { get; set; }

    internal override bool ExcludesUnlinked => (Mask & InotifyBits.IN_EXCL_UNLINK) != 0;

    /// <summary>Queues an event, if it is one that was asked for.</summary>
    internal override void Tell(uint happened, uint cookie, byte[] name)
    {
        uint mask = Mask;
        if ((happened & ~InotifyBits.IN_ISDIR & (mask | Always)) == 0) return;
        Owner.Queue(this, happened, cookie, name);
        if ((mask & InotifyBits.IN_ONESHOT) != 0) Owner.End(this);
    }

    internal override void End() => Owner.End(this);
}
