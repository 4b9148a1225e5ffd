namespace Cashew.Machine;

/// <summary>
/// Memory before there is a frame allocator: taken from the end of the kernel image upwards, never given
/// back. Lies below 4 GiB, where the boot page tables reach.
/// </summary>
internal static unsafe class EarlyMemory
{
    private static ulong s_next;
    private static ulong s_end;

    /// <summary>First byte not taken, physical.</summary>
    internal static ulong Next => s_next;

    internal static void Initialize(ulong start, ulong end)
    {
        s_next = start;
        s_end = end;
    }

    /// <summary>A cleared frame, as its physical address.</summary>
    internal static ulong TakeFrame() => Take(FrameTable.FrameSizeBytes, clear: true);

    internal static ulong Take(ulong lengthBytes, bool clear)
    {
        if (lengthBytes > s_end - s_next)
        {
            Panic.Stop("too little memory to start: the frame table and the kernel's page tables do not fit");
        }

        ulong address = s_next;
        s_next += lengthBytes;
        if (clear)
        {
            for (ulong page = address; page < s_next; page += FrameTable.FrameSizeBytes)
            {
                PageOperations.Clear(DirectMap.Pointer<byte>(page));
            }
        }

        return address;
    }
}
