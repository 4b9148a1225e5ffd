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

    /// <summary>Called in the middle of <see cref="Poll"/>, after the look.</summary>
    internal Action? WhilePolling { get; set; }

    /// <summary>Tables that have been added.</summary>
    internal int Additions { get; private set; }

    internal void Signal(uint events)
    {
        SetQuietly(events);
        Queue.WakeAll(events);
    }

    /// <summary>Nobody is told.</summary>
    internal void SetQuietly(uint events) => Volatile.Write(ref _events, events);

    public override uint Poll(PollTable? table)
    {
        Additions += table is null ? 0 : 1;
        table?.Add(Queue, 0);
        uint events = Volatile.Read(ref _events);
        WhilePolling?.Invoke();
        return events;
    }

    private static Inode NewInode()
    {
        Inode inode = PipeFilesystem.CreateInode(Credentials.ForRoot());
        Assert.True(inode.TryAddUser());
        return inode;
    }
}
