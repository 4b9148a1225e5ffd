using Cashew.Machine;

namespace Cashew.Files;

/// <summary>A few spin locks shared by all inodes: attributes change seldom and are held for some
/// instructions, and a lock of its own would cost every file of a large initramfs an object.</summary>
internal static class AttributeLocks
{
    private const int Count = 32;
    private static readonly SpinLock[] s_locks = Create();

    internal static SpinLock For(Inode inode) => s_locks[(int)(inode.Number % Count)];

    private static SpinLock[] Create()
    {
        SpinLock[] locks = new SpinLock[Count];
        for (int i = 0; i < locks.Length; i++) locks[i] = new SpinLock(LockRank.InodeAttributes);
        return locks;
    }
}
