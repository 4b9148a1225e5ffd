using System;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Processes;
using Cashew.Tasks;

namespace Cashew.Syscalls;

internal static class Getrandom
{
    private const uint KnownFlags =
        GetrandomBits.GRND_NONBLOCK | GetrandomBits.GRND_RANDOM | GetrandomBits.GRND_INSECURE;

    private const uint Contradiction = GetrandomBits.GRND_RANDOM | GetrandomBits.GRND_INSECURE;

    /// <summary>The most one call gives.</summary>
    private const ulong MaximumBytes = 0x1FF_FFFF;

    /// <summary>So much is given whole, whatever signals come.</summary>
    private const int ChunkBytes = 256;

    /// <summary>Random bytes. Never waits: the generator is seeded before the first program runs.</summary>
    /// <errors>EINVAL: an unknown flag, or two that contradict each other. EFAULT.</errors>
    /// <source>getrandom(2)</source>
    internal static SyscallResult Invoke(UserThread caller, UserAddress buffer, ulong count, uint flags)
    {
        if ((flags & ~KnownFlags) != 0 || (flags & Contradiction) == Contradiction) return Errno.EINVAL;
        int wanted = (int)ulong.Min(count, MaximumBytes);
        int done = 0;
        Span<byte> chunk = stackalloc byte[ChunkBytes];
        while (done < wanted)
        {
            Span<byte> part = chunk[..int.Min(wanted - done, ChunkBytes)];
            Entropy.Fill(part);
            int copied = UserMemory.CopyOut(buffer + (ulong)done, part);
            done += copied;
            if (copied < part.Length) break;
            Scheduler.RescheduleIfWanted();
            if (caller.IsInterruptRequested) break;
        }

        // The next caller's stack must not tell this one's numbers.
        chunk.Clear();
        return done == 0 && wanted > 0 ? Errno.EFAULT : done;
    }
}
