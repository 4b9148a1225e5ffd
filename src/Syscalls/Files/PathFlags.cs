using Cashew.Abi;
using Cashew.Files;

namespace Cashew.Syscalls;

/// <summary>The flags of the *at calls as path walks take them.</summary>
internal static class PathFlags
{
    /// <summary>For calls that follow a symbolic link unless AT_SYMLINK_NOFOLLOW is given.</summary>
    internal static WalkFlags From(int flags)
    {
        WalkFlags walk = (flags & AtBits.AT_SYMLINK_NOFOLLOW) != 0 ? WalkFlags.None : WalkFlags.FollowLast;
        return (flags & AtBits.AT_EMPTY_PATH) != 0 ? walk | WalkFlags.AllowEmpty : walk;
    }
}
