using System.Runtime.InteropServices;

namespace Cashew.Machine;

/// <summary>KVM's paravirtual clock: the frequency of the time-stamp counter, and the time of day.</summary>
/// <source>KVM: Documentation/virt/kvm/x86/msr.rst and cpuid.rst (the interface they describe).</source>
internal static unsafe class Pvclock
{
    private const uint SignatureLeaf = 0x4000_0000;
    private const uint FeatureLeaf = 0x4000_0001;
    private const uint ClockSource2 = 1 << 3;
    private const uint MsrWallClock = 0x4B56_4D00;

    internal static bool IsPresent
    {
        get
        {
            if (!CpuFeatures.HasHypervisor)
            {
                return false;
            }

            CpuidRegisters signature = CpuFeatures.Read(SignatureLeaf, 0);
            const uint Kvmk = 0x4B4D_564B;
            const uint Vmkv = 0x564B_4D56;
            const uint M = 0x0000_004D;
            return signature.Ebx == Kvmk && signature.Ecx == Vmkv && signature.Edx == M
                && (CpuFeatures.Read(FeatureLeaf, 0).Eax & ClockSource2) != 0;
        }
    }

    /// <summary>Has the hypervisor fill in a page of ours, once.</summary>
    internal static TimeInfo Read(uint register)
    {
        uint frame = FrameAllocator.Allocate(0, FrameKind.Kernel);
        if (frame == 0)
        {
            return default;
        }

        ulong physical = (ulong)frame << FrameTable.FrameShift;
        PageOperations.Clear(DirectMap.Pointer<byte>(physical));
        const ulong Enable = 1;
        Instructions.WriteMsr(register, physical | Enable);
        TimeInfo info = *DirectMap.Pointer<TimeInfo>(physical);
        Instructions.WriteMsr(register, 0);
        FrameTable.Info(frame)->Kind = FrameKind.Data;
        FrameAllocator.Free(frame, 0);
        return info;
    }

    /// <summary>Time of day at which the hypervisor's clock was zero, and that clock now, give the time of
    /// day now.</summary>
    internal static bool TryReadWallClock(out Nanoseconds sinceEpoch)
    {
        sinceEpoch = default;
        if (!IsPresent)
        {
            return false;
        }

        uint frame = FrameAllocator.Allocate(0, FrameKind.Data);
        if (frame == 0)
        {
            return false;
        }

        ulong physical = (ulong)frame << FrameTable.FrameShift;
        PageOperations.Clear(DirectMap.Pointer<byte>(physical));
        Instructions.WriteMsr(MsrWallClock, physical);
        WallClock wall = *DirectMap.Pointer<WallClock>(physical);
        FrameAllocator.Free(frame, 0);
        TimeInfo now = Read(MsrWallClock + 1);
        ulong elapsed = now.SystemTime;
        sinceEpoch = new Nanoseconds(wall.Seconds * Nanoseconds.PerSecond + wall.NanosecondPart + (long)elapsed);
        return wall.Seconds != 0;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct TimeInfo
    {
        internal uint Version;
        internal uint Padding;
        internal ulong TscTimestamp;
        internal ulong SystemTime;
        internal uint Multiplier;
        internal sbyte Shift;
        internal byte Flags;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct WallClock
    {
        internal uint Version;
        internal uint Seconds;
        internal uint NanosecondPart;
    }
}
