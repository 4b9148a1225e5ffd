namespace Cashew.Files;

/// <summary>Which mounts of a tree come along: all, or those that are to be bound.</summary>
/// <param name="top">Of the first mount's children, only those below this entry count; null for all.</param>
internal readonly struct BoundPart(Dentry top)
{
    private readonly Dentry? _top = top;

    /// <summary>Whether a mount, with all that hangs on it, comes along.</summary>
    internal bool Includes(Mount mount, bool hangsOnFirst)
    {
        if (_top is null) return true;
        if (mount.IsUnbindable) return false;
        return !hangsOnFirst || DirectoryTree.IsBelow(mount.MountPoint!, _top);
    }
}
