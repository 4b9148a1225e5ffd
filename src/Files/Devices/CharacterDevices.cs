using System;
using System.Diagnostics.CodeAnalysis;
using System.Threading;
using Cashew.Abi;
using Cashew.Files.Systems;
using Cashew.Machine;

namespace Cashew.Files;

/// <summary>Which driver answers for which device number, and under which name /dev shows it.</summary>
/// <locking>None: the table is replaced whole by compare and exchange. Drivers register at boot.</locking>
public static class CharacterDevices
{
    private static Registration[] s_all = [];
    private static DeviceTree? s_tree;

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

    /// <summary>Makes a device known, and shows it in /dev. A number that is known already gets the new
    /// driver.</summary>
    /// <locking>None before devtmpfs is mounted for the first time; afterwards may sleep.</locking>
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

        if (Volatile.Read(ref s_tree) is DeviceTree tree) Show(tree, registration);
    }

    /// <summary>From now on the tree gets a node for each device; those it has not seen yet now.</summary>
    internal static void Show(DeviceTree tree)
    {
        Volatile.Write(ref s_tree, tree);
        foreach (Registration registration in All) Show(tree, registration);
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

    // The device works without the node, and mknod(2) can make it later.
    private static void Show(DeviceTree tree, in Registration registration)
    {
        if (tree.Add(registration) == Errno.None) return;
        DeviceNumber number = registration.Number;
        Log.Warning($"devtmpfs: no room for the node of device {number.Major}:{number.Minor}");
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
