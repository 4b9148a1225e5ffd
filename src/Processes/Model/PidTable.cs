using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Threading;
using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>
/// Which pids are taken, and what each names. Numbers are handed out upwards and start over near the bottom,
/// so that one just freed is not soon seen again.
/// </summary>
/// <locking>
/// The bitmap and all writes: the table's own spin lock. <see cref="Find"/> takes none: the collector keeps
/// what a reader has found.
/// </locking>
/// <source>proc_pid_sys_kernel(5) for pid_max; pid_namespaces(7).</source>
public static class PidTable
{
    /// <summary>One more than the greatest pid, the default of /proc/sys/kernel/pid_max.</summary>
    public const int MaxCount = 32768;

    /// <summary>After the first round the numbers below stay with the system's own early processes.</summary>
    private const int FirstAfterWrap = 300;

    private const int ChunkBits = 9;
    private const int ChunkLength = 1 << ChunkBits;
    private const int WordBits = 64;

    private static readonly SpinLock s_lock = new(LockRank.Pids);
    private static readonly ulong[] s_taken = new ulong[MaxCount / WordBits];
    private static readonly Pid?[]?[] s_chunks = new Pid?[]?[MaxCount / ChunkLength];
    private static int s_last;
    private static long s_createdCount;

    /// <summary>The pid handed out last, which /proc/loadavg shows.</summary>
    public static int Last => Volatile.Read(ref s_last);

    /// <summary>Threads and processes made since boot, which /proc/stat shows.</summary>
    public static long CreatedCount => Volatile.Read(ref s_createdCount);

    /// <summary>How many threads there are, and how many of them sleep so that nothing wakes them but what
    /// they wait for.
    /// </summary>
    public static int CountThreads(out int blockedCount)
    {
        int count = 0;
        blockedCount = 0;
        for (Pid? pid = FindAtOrAfter(0); pid is not null; pid = FindAtOrAfter(pid.Number + 1))
        {
            if (pid.Thread is not { } thread) continue;
            count++;
            if (thread.IsBlockedUninterruptibly) blockedCount++;
        }

        return count;
    }

    /// <errors>EAGAIN: every number is taken.</errors>
    public static bool TryAllocate([NotNullWhen(true)] out Pid? pid, out Errno error)
    {
        // Objects are made before the lock is taken: nothing allocates under it.
        Pid candidate = new();
        Pid?[]? spare = null;
        while (true)
        {
            using (SpinLock.Guard guard = s_lock.Acquire())
            {
                int number = NextFreeLocked();
                if (number == 0)
                {
                    pid = null;
                    error = Errno.EAGAIN;
                    return false;
                }

                if (TryTakeLocked(number, candidate, spare))
                {
                    pid = candidate;
                    error = Errno.None;
                    return true;
                }
            }

            spare = new Pid?[ChunkLength];
        }
    }

    /// <summary>A number that the caller has chosen.</summary>
    /// <errors>EEXIST: it is taken.</errors>
    public static bool TryTake(int number, [NotNullWhen(true)] out Pid? pid, out Errno error)
    {
        Pid candidate = new();
        Pid?[] spare = new Pid?[ChunkLength];
        using (SpinLock.Guard guard = s_lock.Acquire())
        {
            bool isFree = (s_taken[number / WordBits] & 1UL << number % WordBits) == 0;
            // The next one is handed out where the last one was, not behind this one.
            int last = s_last;
            bool isTaken = isFree && TryTakeLocked(number, candidate, spare);
            s_last = last;
            pid = isTaken ? candidate : null;
            error = isTaken ? Errno.None : Errno.EEXIST;
            return isTaken;
        }
    }

    public static Pid? Find(int number)
    {
        if ((uint)number >= MaxCount) return null;
        Pid?[]? chunk = Volatile.Read(ref s_chunks[number >> ChunkBits]);
        return chunk is null ? null : Volatile.Read(ref chunk[number & ChunkLength - 1]);
    }

    /// <summary>The smallest pid in use that is at least <paramref name="from"/>, for listing
    /// /proc.</summary>
    public static Pid? FindAtOrAfter(int from)
    {
        for (int number = from; number < MaxCount; number++)
        {
            ulong rest = Volatile.Read(ref s_taken[number / WordBits]) >> number % WordBits;
            if (rest == 0)
            {
                number |= WordBits - 1;
                continue;
            }

            number += BitOperations.TrailingZeroCount(rest);
            if (Find(number) is Pid pid) return pid;
        }

        return null;
    }

    /// <summary>Returns the number if nothing goes by it any more.</summary>
    /// <locking>The tree lock is held.</locking>
    internal static void ReleaseIfUnusedLocked(Pid pid)
    {
        if (!pid.IsUnused) return;
        using (SpinLock.Guard guard = s_lock.Acquire())
        {
            int number = pid.Number;
            Volatile.Write(ref s_chunks[number >> ChunkBits]![number & ChunkLength - 1], null);
            s_taken[number / WordBits] &= ~(1UL << number % WordBits);
            DropIfEmptyLocked(number >> ChunkBits);
        }
    }

    /// <summary>Gives a piece of the table back that no pid is left in, unless the next ones will
    /// be.</summary>
    private static void DropIfEmptyLocked(int index)
    {
        if (index == s_last >> ChunkBits) return;
        ulong taken = 0;
        for (int word = 0; word < ChunkLength / WordBits; word++) taken |= s_taken[index * (ChunkLength / WordBits) + word];
        if (taken == 0) Volatile.Write(ref s_chunks[index], null);
    }

    private static bool TryTakeLocked(int number, Pid pid, Pid?[]? spare)
    {
        ref Pid?[]? chunk = ref s_chunks[number >> ChunkBits];
        if (chunk is null)
        {
            if (spare is null) return false;
            Volatile.Write(ref chunk, spare);
            chunk = spare;
        }

        s_taken[number / WordBits] |= 1UL << number % WordBits;
        int last = s_last;
        s_last = number;
        if (last >> ChunkBits != number >> ChunkBits) DropIfEmptyLocked(last >> ChunkBits);
        s_createdCount++;
        pid.Number = number;
        Volatile.Write(ref chunk[number & ChunkLength - 1], pid);
        return true;
    }

    private static int NextFreeLocked()
    {
        int number = FirstFreeLocked(s_last + 1, MaxCount);
        return number != 0 ? number : FirstFreeLocked(FirstAfterWrap, s_last + 1);
    }

    /// <summary>The first free number in [from, to), or 0.</summary>
    private static int FirstFreeLocked(int from, int to)
    {
        for (int number = from; number < to; number = (number | WordBits - 1) + 1)
        {
            ulong free = ~s_taken[number / WordBits] >> number % WordBits;
            if (free == 0) continue;
            number += BitOperations.TrailingZeroCount(free);
            return number < to ? number : 0;
        }

        return 0;
    }
}
