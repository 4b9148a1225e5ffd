using System;
using System.Runtime.CompilerServices;

namespace Cashew.Machine;

/// <summary>
/// Memory of the running program. Every access may fault and wait for a page, so none is allowed under a spin
/// lock or while holding the lock of the address space itself. A bad address makes a call come up short,
/// nothing worse.
/// </summary>
public static unsafe class UserMemory
{
    /// <summary>Bytes moved; fewer than asked for when it met a bad address.</summary>
    public static int CopyIn(Span<byte> destination, UserAddress source)
    {
        int reachable = Reachable(source, destination.Length);
        fixed (byte* to = destination)
        {
            // SAFETY: the source is in the user half and the routine recovers from faults there.
            return reachable - (int)UserAccess.Copy(to, (void*)source.Value, (ulong)reachable);
        }
    }

    /// <summary>Bytes moved; fewer than asked for when it met a bad address.</summary>
    public static int CopyOut(UserAddress destination, ReadOnlySpan<byte> source)
    {
        int reachable = Reachable(destination, source.Length);
        fixed (byte* from = source)
        {
            // SAFETY: the destination is in the user half and the routine recovers from faults there.
            return reachable - (int)UserAccess.Copy((void*)destination.Value, from, (ulong)reachable);
        }
    }

    /// <summary>False: EFAULT, and the value is zero.</summary>
    public static bool TryRead<T>(UserAddress source, out T value)
        where T : unmanaged
    {
        // Not cleared first: some structures are large, and almost all reads succeed.
        fixed (T* to = &value)
        {
            // SAFETY: the source is in the user half and the routine recovers from faults there.
            if (UserAddress.IsValidRange(source, (ulong)sizeof(T))
                && UserAccess.Copy(to, (void*)source.Value, (ulong)sizeof(T)) == 0)
            {
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>False: EFAULT; some of it may have been written.</summary>
    public static bool TryWrite<T>(UserAddress destination, in T value)
        where T : unmanaged =>
        UserAddress.IsValidRange(destination, (ulong)sizeof(T))
        && UserAccess.Copy(
            (void*)destination.Value, Unsafe.AsPointer(ref Unsafe.AsRef(in value)), (ulong)sizeof(T)) == 0;

    /// <summary>
    /// Copies a string up to its NUL. Returns its length; the length of the buffer when no NUL was met; -1
    /// for a bad address.
    /// </summary>
    public static int CopyInString(Span<byte> destination, UserAddress source)
    {
        int capacity = Reachable(source, destination.Length);
        fixed (byte* to = destination)
        {
            long length = UserAccess.String(to, (void*)source.Value, capacity);
            // It ran into the end of the user half before it found an end.
            return length == capacity && capacity < destination.Length ? -1 : (int)length;
        }
    }

    /// <summary>Writes zeros; bytes written.</summary>
    public static int Clear(UserAddress destination, int lengthBytes)
    {
        int reachable = Reachable(destination, lengthBytes);
        return reachable - (int)UserAccess.Clear((void*)destination.Value, (ulong)reachable);
    }

    /// <summary>One atomic compare-and-swap of an aligned word; false: EFAULT.</summary>
    public static bool TryCompareExchange(UserAddress at, uint expected, uint value, out uint previous)
    {
        long result = IsWord(at) ? UserAccess.Exchange32((void*)at.Value, expected, value) : -1;
        previous = (uint)result;
        return result >= 0;
    }

    /// <summary>One atomic load of an aligned word; false: EFAULT.</summary>
    public static bool TryReadAtomic(UserAddress at, out uint value)
    {
        long result = IsWord(at) ? UserAccess.Read32((void*)at.Value) : -1;
        value = (uint)result;
        return result >= 0;
    }

    private static bool IsWord(UserAddress at) => at.Value % sizeof(uint) == 0 && UserAddress.IsValidRange(at, sizeof(uint));

    /// <summary>How much of a range lies in the user half.</summary>
    private static int Reachable(UserAddress start, int lengthBytes)
    {
        if (start >= UserAddress.Limit)
        {
            return 0;
        }

        ulong room = UserAddress.LimitValue - start.Value;
        return (ulong)lengthBytes < room ? lengthBytes : (int)room;
    }
}
