using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Cashew.Machine.Simulated;

namespace Cashew.Machine;

/// <summary>
/// Memory of the running program, by walking the active page table. A miss goes to
/// <see cref="KernelEntry.PageFault"/> as on the machine.
/// </summary>
public static class UserMemory
{
    // A fault handler that says "try again" without having changed anything would do so for ever.
    private const int MaximumTries = 64;

    public static int CopyIn(Span<byte> destination, UserAddress source)
    {
        int done = 0;
        while (done < destination.Length)
        {
            int piece = Piece(source, destination.Length - done);
            if (!TryReach(source, PageRights.Read, fromUser: false, out Span<byte> page))
            {
                break;
            }

            page[..piece].CopyTo(destination[done..]);
            source += (ulong)piece;
            done += piece;
        }

        return done;
    }

    public static int CopyOut(UserAddress destination, ReadOnlySpan<byte> source)
    {
        int done = 0;
        while (done < source.Length)
        {
            int piece = Piece(destination, source.Length - done);
            if (!TryReach(destination, PageRights.Write, fromUser: false, out Span<byte> page))
            {
                break;
            }

            source.Slice(done, piece).CopyTo(page);
            destination += (ulong)piece;
            done += piece;
        }

        return done;
    }

    public static bool TryRead<T>(UserAddress source, out T value)
        where T : unmanaged
    {
        Span<byte> bytes = stackalloc byte[Unsafe.SizeOf<T>()];
        bool isWhole = UserAddress.IsValidRange(source, (ulong)bytes.Length) && CopyIn(bytes, source) == bytes.Length;
        value = MemoryMarshal.Read<T>(bytes);
        return isWhole;
    }

    public static bool TryWrite<T>(UserAddress destination, in T value)
        where T : unmanaged
    {
        Span<byte> bytes = stackalloc byte[Unsafe.SizeOf<T>()];
        MemoryMarshal.Write(bytes, in value);
        return UserAddress.IsValidRange(destination, (ulong)bytes.Length)
            && CopyOut(destination, bytes) == bytes.Length;
    }

    public static int CopyInString(Span<byte> destination, UserAddress source)
    {
        for (int done = 0; done < destination.Length; done++)
        {
            if (!TryReach(source + (ulong)done, PageRights.Read, fromUser: false, out Span<byte> page))
            {
                return -1;
            }

            destination[done] = page[0];
            if (page[0] == 0)
            {
                return done;
            }
        }

        return destination.Length;
    }

    public static int Clear(UserAddress destination, int lengthBytes)
    {
        int done = 0;
        while (done < lengthBytes)
        {
            int piece = Piece(destination, lengthBytes - done);
            if (!TryReach(destination, PageRights.Write, fromUser: false, out Span<byte> page))
            {
                break;
            }

            page[..piece].Clear();
            destination += (ulong)piece;
            done += piece;
        }

        return done;
    }

    public static bool TryCompareExchange(UserAddress at, uint expected, uint value, out uint previous)
    {
        previous = 0;
        if (!TryReachWord(at, PageRights.Write, out Span<uint> word))
        {
            return false;
        }

        previous = word[0];
        word[0] = previous == expected ? value : previous;
        return true;
    }

    public static bool TryReadAtomic(UserAddress at, out uint value)
    {
        bool isReached = TryReachWord(at, PageRights.Read, out Span<uint> word);
        value = isReached ? word[0] : 0;
        return isReached;
    }

    /// <summary>One access by the processor: the rest of the page from an address on, or a fault nobody
    /// repaired.</summary>
    internal static bool TryReach(UserAddress at, PageRights needed, bool fromUser, out Span<byte> page)
    {
        Simulation simulation = Simulation.Current;
        page = default;
        if (!fromUser)
        {
            CheckMayFault(simulation.Cpu);
        }

        if (at >= UserAddress.Limit && !fromUser)
        {
            return false;
        }

        simulation.ChoicePoint();
        for (int i = 0; i < MaximumTries; i++)
        {
            bool isPresent = false;
            PageTable? table = simulation.Cpu.ActiveTable;
            if (table is not null && table.TryTranslate(at, needed, out Frame frame, out isPresent))
            {
                page = frame.Bytes[at.PageOffset..];
                return true;
            }

            FaultAccess access = Access(needed) | (isPresent ? FaultAccess.Present : FaultAccess.None);
            if (KernelEntry.Installed is not { } entry
                || !entry.PageFault(at, access, fromUser, ref simulation.CurrentRegisters))
            {
                return false;
            }

            // On its way back to the instruction the program first meets the signal that the fault may have
            // become.
            if (fromUser && simulation.Cpu.HasAttention)
            {
                return false;
            }
        }

        Panic.Stop((string)$"the page fault at {at.Value:x} was said to be repaired {MaximumTries} times");
        return false;
    }

    private static bool TryReachWord(UserAddress at, PageRights needed, out Span<uint> word)
    {
        word = default;
        if (at.Value % sizeof(uint) != 0 || !TryReach(at, needed, fromUser: false, out Span<byte> page))
        {
            return false;
        }

        word = MemoryMarshal.Cast<byte, uint>(page);
        return true;
    }

    private static void CheckMayFault(SimulatedCpu cpu)
    {
        if ((cpu.HeldLocks > 0 || cpu.InterruptDepth > 0) && !Simulation.Current.IsEnding)
        {
            Panic.Stop("user memory was touched under a spin lock or in an interrupt");
        }
    }

    private static int Piece(UserAddress at, int wanted) => Math.Min(wanted, Frame.SizeBytes - at.PageOffset);

    private static FaultAccess Access(PageRights needed) =>
        (needed & PageRights.Write) != 0 ? FaultAccess.Write
        : (needed & PageRights.Execute) != 0 ? FaultAccess.Execute
        : FaultAccess.Read;
}
