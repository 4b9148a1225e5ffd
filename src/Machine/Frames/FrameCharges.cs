using System.Threading;

namespace Cashew.Machine;

/// <summary>Who has to answer for which frames: a tree of accounts with limits. A frame is charged to one
/// account, and counts in all those above it, until it is free again.</summary>
/// <locking>Counts are changed atomically. Accounts are opened and closed under a lock of the
/// caller's.</locking>
public static class FrameCharges
{
    /// <summary>The first one is nobody's.</summary>
    public const int MaxAccounts = 1024;

    // Made when the first account is: most machines never have one.
    private static Account[]? s_accounts;

    private struct Account
    {
        internal long Frames;
        internal long Limit;
        internal long Peak;
        internal long Refusals;
        internal int Parent;
        internal bool IsOpen;
    }

    /// <summary>To be called, without a lock, before the first account is opened.</summary>
    public static void Prepare() => s_accounts ??= new Account[MaxAccounts];

    /// <summary>Opens an account without a limit; false when there are as many as may be.</summary>
    /// <param name="parent">The account above it, or 0.</param>
    public static bool TryOpen(int parent, out int account)
    {
        Account[] accounts = s_accounts!;
        for (account = 1; account < MaxAccounts; account++)
        {
            // One that is closed, but still has frames, is not to be had: they would count twice.
            ref Account candidate = ref accounts[account];
            if (candidate.IsOpen || Volatile.Read(ref candidate.Frames) != 0) continue;
            candidate = new Account { Limit = long.MaxValue, Parent = parent, IsOpen = true };
            return true;
        }

        account = 0;
        return false;
    }

    /// <summary>No more frames will be charged to it; those that are count above it until they are
    /// free.</summary>
    public static void Close(int account) => s_accounts![account].IsOpen = false;

    public static long Frames(int account) => Volatile.Read(ref s_accounts![account].Frames);
    public static long Peak(int account) => Volatile.Read(ref s_accounts![account].Peak);

    /// <summary>How often a frame was refused because of this account's limit.</summary>
    public static long Refusals(int account) => Volatile.Read(ref s_accounts![account].Refusals);

    public static void SetLimit(int account, long frames) => Volatile.Write(ref s_accounts![account].Limit, frames);

    /// <summary>Charges a frame that is about to be taken; false when an account at or above has reached its
    /// limit.</summary>
    public static bool TryCharge(int account)
    {
        Account[] accounts = s_accounts!;
        for (int at = account; at != 0; at = accounts[at].Parent)
        {
            ref Account charged = ref accounts[at];
            long now = Interlocked.Increment(ref charged.Frames);
            if (now <= Volatile.Read(ref charged.Limit))
            {
                if (now > charged.Peak) charged.Peak = now;
                continue;
            }

            _ = Interlocked.Increment(ref charged.Refusals);
            Uncharge(account, charged.Parent);
            return false;
        }

        return true;
    }

    /// <summary>The account, at or above one, that has reached its limit; 0 when none has.</summary>
    public static int FindFull(int account)
    {
        Account[] accounts = s_accounts!;
        for (int at = account; at != 0; at = accounts[at].Parent)
        {
            if (Volatile.Read(ref accounts[at].Frames) >= Volatile.Read(ref accounts[at].Limit)) return at;
        }

        return 0;
    }

    /// <summary>More is in use than may be: the limit has been lowered.</summary>
    public static bool IsOver(int account) => Frames(account) > Volatile.Read(ref s_accounts![account].Limit);

    public static void Uncharge(int account) => Uncharge(account, 0);

    private static void Uncharge(int from, int to)
    {
        Account[] accounts = s_accounts!;
        for (int at = from; at != to; at = accounts[at].Parent) _ = Interlocked.Decrement(ref accounts[at].Frames);
    }
}
