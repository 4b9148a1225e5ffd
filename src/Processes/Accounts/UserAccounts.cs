using System.Threading;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>The accounts of all users that have threads, or something else that counts.</summary>
/// <locking>A spin lock of its own; taken at fork, exit and when a real user id changes.</locking>
internal static class UserAccounts
{
    private const int BucketCount = 64;

    private static readonly SpinLock s_lock = new(LockRank.UserAccounts);
    private static readonly UserAccount?[] s_buckets = new UserAccount?[BucketCount];
    private static int s_threadCount; // written under s_lock

    /// <summary>Threads of all users; those that have ended and not been waited for are among them.</summary>
    internal static int TotalThreadCount => Volatile.Read(ref s_threadCount);

    /// <summary>The account of a user, held until <see cref="Release"/>; one more thread counts against
    /// it.</summary>
    public static UserAccount Retain(uint uid)
    {
        UserAccount candidate = new(uid);
        using (SpinLock.Guard guard = s_lock.Acquire())
        {
            ref UserAccount? bucket = ref s_buckets[uid % BucketCount];
            UserAccount? account = bucket;
            while (account is not null && account.Uid != uid) account = account.Next;
            if (account is null)
            {
                account = candidate;
                account.Next = bucket;
                bucket = account;
            }

            account.HolderCount++;
            account.AddThread();
            s_threadCount++;
            return account;
        }
    }

    public static void Release(UserAccount account)
    {
        using (SpinLock.Guard guard = s_lock.Acquire())
        {
            account.RemoveThread();
            s_threadCount--;
            LetGoLocked(account);
        }
    }

    /// <summary>Something of an account that somebody holds stays longer than he does.</summary>
    internal static void Hold(UserAccount account)
    {
        using (SpinLock.Guard guard = s_lock.Acquire()) account.HolderCount++;
    }

    internal static void LetGo(UserAccount account)
    {
        using (SpinLock.Guard guard = s_lock.Acquire()) LetGoLocked(account);
    }

    private static void LetGoLocked(UserAccount account)
    {
        if (--account.HolderCount > 0) return;
        ref UserAccount? link = ref s_buckets[account.Uid % BucketCount];
        while (!ReferenceEquals(link, account)) link = ref link!.Next;
        link = account.Next;
    }
}
