using System.Collections.Generic;

namespace Cashew.Files;

/// <content>Trees as lists, each mount directly before what hangs on it.</content>
public sealed partial class MountNamespace
{
    /// <summary>A mount and all that hangs below it.</summary>
    private List<Mount> TreeOfLocked(Mount top) => WalkLocked(top, default);

    private List<Mount> WalkLocked(Mount top, BoundPart part)
    {
        LinkChildrenLocked();
        List<Mount> tree = [];
        Mount? at = top;
        while (at is not null)
        {
            bool comesAlong = ReferenceEquals(at, top) || part.Includes(at, ReferenceEquals(at.Parent, top));
            if (comesAlong) tree.Add(at);
            at = (comesAlong ? at.FirstChild : null) ?? NextBeside(at, top);
        }

        UnlinkChildrenLocked();
        return tree;
    }

    /// <summary>The next one that does not hang on this one.</summary>
    private static Mount? NextBeside(Mount mount, Mount top)
    {
        for (Mount at = mount; !ReferenceEquals(at, top); at = at.Parent!)
        {
            if (at.NextSibling is Mount next) return next;
        }

        return null;
    }

    // Only for as long as the walk takes: mounts have no lists of children that every change would have to
    // keep.
    private void LinkChildrenLocked()
    {
        foreach (Mount mount in _all)
        {
            if (mount.Parent is not Mount parent) continue;
            if (parent.LastChild is Mount last) last.NextSibling = mount;
            else parent.FirstChild = mount;
            parent.LastChild = mount;
        }
    }

    private void UnlinkChildrenLocked()
    {
        foreach (Mount mount in _all)
        {
            mount.FirstChild = null;
            mount.LastChild = null;
            mount.NextSibling = null;
        }
    }
}
