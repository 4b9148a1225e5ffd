using Cashew.Abi;

namespace Cashew.Files;

/// <summary>A descriptor of a tree of mounts that hangs nowhere; unless somebody attaches the tree, it ends
/// with this.</summary>
/// <source>open_tree(2), fsmount(2).</source>
public sealed class DetachedTreeFile : OpenFile
{
    private readonly MountNamespace _tree;

    private DetachedTreeFile(MountNamespace tree, in OpenRequest request)
        : base(request.Location.Inode, request.Location, OpenBits.O_PATH)
    {
        _tree = tree;
    }

    /// <param name="tree">Just made, and nobody else's.</param>
    public static DetachedTreeFile Open(MountNamespace tree, in FileCaller caller)
    {
        PathLocation top = new(tree.Root, tree.Root.Root);
        bool isHeld = top.TryPin() && top.Inode.TryAddUser();
        System.Diagnostics.Debug.Assert(isHeld, "the mount holds its root");
        return new DetachedTreeFile(tree, new OpenRequest(caller, top, OpenBits.O_PATH));
    }

    public override uint Poll(PollTable? table) => PollBits.POLLNVAL;

    protected override void Closed() => _tree.Dissolve();
}
