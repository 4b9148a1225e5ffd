namespace Cashew.Machine;

/// <summary>The shared page of zeros.</summary>
internal static unsafe class ZeroFrame
{
    private static uint s_number;

    internal static uint Number => s_number;

    internal static void Initialize()
    {
        s_number = FrameAllocator.Allocate(0, FrameKind.Data);
        PageOperations.Clear((void*)(DirectMap.Base + ((ulong)s_number << FrameTable.FrameShift)));
    }
}
