namespace Cashew.Files;

/// <summary>What umount2(2) does about a mount that is in use.</summary>
public enum UnmountMode : byte
{
    /// <summary>Refuse (EBUSY).</summary>
    WhenUnused = 0,

    /// <summary>Take it from the tree, and end it with its last user (MNT_DETACH).</summary>
    Lazily,

    /// <summary>Refuse; and mark it the first time, and end it the second if it has not been used since
    /// (MNT_EXPIRE).</summary>
    WhenExpired,
}
