namespace Cashew.Machine;

/// <summary>Which physical addresses the direct map reaches: the firmware's tables may claim any.</summary>
internal static class PhysicalMemory
{
    private const ulong LargePageBytes = 2UL << 20;

    internal static bool IsMapped(ulong address, ulong lengthBytes)
    {
        ulong end = (((ulong)FrameTable.Count << FrameTable.FrameShift) + LargePageBytes - 1) & ~(LargePageBytes - 1);
        return address != 0 && address < end && lengthBytes <= end - address;
    }
}
