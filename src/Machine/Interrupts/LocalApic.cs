namespace Cashew.Machine;

/// <summary>The processor's own interrupt controller, through registers in memory or (x2APIC) through
/// MSRs.</summary>
/// <source>Intel SDM volume 3, 11 (APIC).</source>
internal static unsafe class LocalApic
{
    internal const int TimerRegister = 0x320;
    internal const int InitialCountRegister = 0x380;
    internal const int CurrentCountRegister = 0x390;

    private const int IdRegister = 0x020;
    private const int TaskPriorityRegister = 0x080;
    private const int EoiRegister = 0x0B0;
    private const int SpuriousRegister = 0x0F0;
    private const int DivideRegister = 0x3E0;
    private const int Lint0Register = 0x350;
    private const int ErrorRegister = 0x370;
    private const uint SoftwareEnable = 0x100;
    private const uint Masked = 0x1_0000;
    private const uint DivideByOne = 0xB;
    private const uint MsrApicBase = 0x1B;
    private const ulong ApicEnable = 1 << 11;
    private const ulong X2ApicEnable = 1 << 10;
    private const uint X2ApicFirstMsr = 0x800;
    private const ulong AddressMask = 0x000F_FFFF_FFFF_F000;

    private static byte* s_registers;
    private static bool s_isX2Apic;

    internal static bool TryInitialize()
    {
        ulong apicBase = Instructions.ReadMsr(MsrApicBase);
        if (CpuFeatures.HasX2Apic)
        {
            Instructions.WriteMsr(MsrApicBase, apicBase | ApicEnable | X2ApicEnable);
            s_isX2Apic = true;
        }
        else
        {
            Instructions.WriteMsr(MsrApicBase, apicBase | ApicEnable);
            s_registers = KernelMap.TryMapDevice(apicBase & AddressMask, FrameTable.FrameSizeBytes);
            if (s_registers == null)
            {
                return false;
            }
        }

        Write(TaskPriorityRegister, 0);
        Write(DivideRegister, DivideByOne);
        Write(TimerRegister, Masked);
        Write(Lint0Register, Masked); // the old controller's line
        Write(ErrorRegister, Masked);
        Write(SpuriousRegister, SoftwareEnable | Interrupts.SpuriousVector);
        CpuBlock.Current->ApicId = s_isX2Apic ? Read(IdRegister) : Read(IdRegister) >> 24;
        return true;
    }

    internal static void Acknowledge() => Write(EoiRegister, 0);

    internal static uint Read(int register) => s_isX2Apic
        ? (uint)Instructions.ReadMsr(X2ApicFirstMsr + (uint)(register >> 4))
        : *(uint*)(s_registers + register);

    internal static void Write(int register, uint value)
    {
        if (s_isX2Apic)
        {
            Instructions.WriteMsr(X2ApicFirstMsr + (uint)(register >> 4), value);
        }
        else
        {
            *(uint*)(s_registers + register) = value;
        }
    }
}
