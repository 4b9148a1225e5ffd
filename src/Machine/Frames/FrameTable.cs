using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Cashew.Machine;

/// <summary>One <see cref="FrameInfo"/> for every frame of physical memory, made at boot.</summary>
internal static unsafe class FrameTable
{
    internal const int FrameSizeBytes = 4096;
    internal const int FrameShift = 12;

    private static FrameInfo* s_infos;
    private static uint s_count;

    /// <summary>Frames the table describes: up to the end of the highest RAM range.</summary>
    internal static uint Count => s_count;

    internal static ulong SizeBytes(ulong memoryEnd) =>
        ((memoryEnd >> FrameShift) * (ulong)sizeof(FrameInfo) + FrameSizeBytes - 1) & ~(ulong)(FrameSizeBytes - 1);

    internal static void Initialize(ulong tableAddress, ulong memoryEnd)
    {
        s_infos = DirectMap.Pointer<FrameInfo>(tableAddress);
        s_count = (uint)(memoryEnd >> FrameShift);
        // Zero means: free, no references, on no list.
        new Span<byte>(s_infos, (int)SizeBytes(memoryEnd)).Clear();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)] // 6 instructions for each page of a fork; 15 as a call
    internal static FrameInfo* Info(uint frame)
    {
        if (frame >= s_count)
        {
            StopForRange();
        }

        return s_infos + frame;
    }

    [DoesNotReturn]
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void StopForRange() => Panic.Stop("frame number out of range");
}
