using Cashew.Abi;
using Cashew.Files;
using Xunit;

namespace Cashew.Host.Files;

/// <summary>An open file that tells when it has been closed, and fails the test when it is closed
/// twice.</summary>
internal sealed class CountedFile : OpenFile
{
    private int _closings;

    internal CountedFile(uint flags = OpenBits.O_RDWR)
        : base(NewInode(), default, flags)
    {
    }

    internal bool IsClosed => _closings != 0;

    /// <summary>Calls of close(2).</summary>
    internal int FlushCount { get; private set; }

    public override Errno Flush()
    {
        FlushCount++;
        return Errno.None;
    }

    protected override void Closed() => Assert.Equal(1, ++_closings);

    private static Inode NewInode()
    {
        Inode inode = PipeFilesystem.CreateInode(Credentials.ForRoot());
        Assert.True(inode.TryAddUser());
        return inode;
    }
}
