namespace Cashew.Files;

/// <summary>The locks on one file: those on ranges, and those of flock(2), which know nothing of each
/// other.</summary>
/// <source>flock(2), NOTES: "flock() and fcntl(2) locks have different semantics with respect to forked
/// processes and dup(2)", and do not interact.</source>
internal sealed class InodeLocks(Inode inode)
{
    internal LockList Records { get; } = new(inode, isWhole: false);
    internal LockList Whole { get; } = new(inode, isWhole: true);
}
