using System;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Tasks;
using Xunit;

namespace Cashew.Host.Files;

/// <summary>A file whose readiness a test decides.</summary>
internal sealed class QueueFile : OpenFile
{
    private uint _events;

    internal QueueFile()
        : base(NewInode(), default, OpenBits.O_RDWR)
    {
    }

    internal WaitQueue Queue { get; } = new();

    /// <summary>Called in the middle of <see cref="Poll"/>, after the table has been added and before the look.</summary>
    internal Action? WhilePolling { get; set; }

    /// <summary>Tables that have been added.</summary>
    internal int Additions { get; private set; }

    internal void Signal(uint events)
    {
        Volatile.Write(ref _events, events);
        Queue.WakeAll(events);
    }

    public override uint Poll(PollTable? table)
    {
        uint before = Volatile.Read(ref _events);
        Additions += table is null ? 0 : 1;
        table?.Add(Queue, 0);
        WhilePolling?.Invoke();
        return WhilePolling is null ? Volatile.Read(ref _events) : before;
    }

    private static Inode NewInode()
    {
        Inode inode = PipeFilesystem.CreateInode(Credentials.ForRoot());
        Assert.True(inode.TryAddUser());
        return inode;
    }
}
