using System;
using System.Diagnostics.CodeAnalysis;
using System.Threading;
using Cashew.Abi;

namespace Cashew.Files;

/// <summary>Which driver answers for which device number, and under which name /dev shows it.</summary>
/// <locking>None: the table is replaced whole by compare and exchange. Drivers register at boot.</locking>
public static class CharacterDevices
{
    private static Registration[] s_all = [];

    /// <summary>A device that /dev shows.</summary>
    public readonly struct Registration
    {
        public required DeviceNumber Number { get; init; }

        /// <summary>Path below /dev.</summary>
        public required string Name { get; init; }

        public required uint Permissions { get; init; }
        public required CharacterDevice Device { get; init; }
    }

    public static ReadOnlySpan<Registration> All => Volatile.Read(ref s_all);

    /// <summary>Makes a device known. A number that is known already gets the new driver.</summary>
    public static void Register(in Registration registration)
    {
        Registration[] old;
        Registration[] all;
        do
        {
            old = Volatile.Read(ref s_all);
            int index = IndexOf(old, registration.Number);
            all = new Registration[index < 0 ? old.Length + 1 : old.Length];
            old.AsSpan().CopyTo(all);
            all[index < 0 ? old.Length : index] = registration;
        }
        while (!ReferenceEquals(Interlocked.CompareExchange(ref s_all, all, old), old));
    }

    /// <errors>ENXIO: nobody answers for the number. What the driver says.</errors>
    internal static bool TryOpen(
        Inode inode, in OpenRequest request, [NotNullWhen(true)] out OpenFile? file, out Errno error)
    {
        Registration[] all = Volatile.Read(ref s_all);
        int index = IndexOf(all, inode.Device);
        if (index >= 0) return all[index].Device.TryOpen(inode, request, out file, out error);

        file = null;
        error = Errno.ENXIO;
        return false;
    }

    // There are a dozen: a search from the front costs less than a dictionary.
    private static int IndexOf(Registration[] all, DeviceNumber number)
    {
        for (int i = 0; i < all.Length; i++)
        {
            if (all[i].Number.Equals(number)) return i;
        }

        return -1;
    }
}
