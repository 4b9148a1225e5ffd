namespace Cashew.Machine;

/// <summary>An I/O APIC: the inputs that devices' lines arrive at.</summary>
/// <source>Intel 82093AA data sheet.</source>
internal sealed unsafe class IoApic
{
    private const int VersionRegister = 0x01;
    private const int FirstEntryRegister = 0x10;
    private const int WindowOffset = 0x10;
    private const uint Masked = 0x1_0000;
    private const uint ActiveLow = 0x2000;
    private const uint LevelTriggered = 0x8000;
    private const int MaximumControllers = 8;

    private static readonly IoApic?[] s_all = new IoApic?[MaximumControllers];
    private static readonly SpinLock s_lock = new(LockRank.Irq);
    private static int s_count;

    private readonly byte* _registers;
    private readonly int _inputCount;

    private IoApic(byte* registers, int firstGsi)
    {
        _registers = registers;
        FirstGsi = firstGsi;
        _inputCount = (int)((Read(VersionRegister) >> 16) & 0xFF) + 1;
        for (int pin = 0; pin < _inputCount; pin++)
        {
            Write(FirstEntryRegister + 2 * pin, Masked);
        }
    }

    internal static int Count => s_count;

    internal int FirstGsi { get; }

    /// <summary>Returns how many inputs it has: none when it cannot be used.</summary>
    internal static int Add(ulong physical, int firstGsi)
    {
        byte* registers = KernelMap.TryMapDevice(physical, 0x20);
        if (registers == null || s_count == MaximumControllers)
        {
            return 0;
        }

        IoApic controller = new(registers, firstGsi);
        s_all[s_count++] = controller;
        return controller._inputCount;
    }

    internal static IoApic? Find(int gsi)
    {
        for (int i = 0; i < s_count; i++)
        {
            IoApic controller = s_all[i]!;
            if (gsi >= controller.FirstGsi && gsi < controller.FirstGsi + controller._inputCount)
            {
                return controller;
            }
        }

        return null;
    }

    internal void Route(int pin, int vector, IrqTrigger trigger)
    {
        uint low = (uint)vector | Masked;
        low |= trigger is IrqTrigger.LevelHigh or IrqTrigger.LevelLow ? LevelTriggered : 0;
        low |= trigger == IrqTrigger.LevelLow ? ActiveLow : 0;
        using (s_lock.Acquire())
        {
            Write(FirstEntryRegister + 2 * pin + 1, CpuBlock.Current->ApicId << 24);
            Write(FirstEntryRegister + 2 * pin, low);
        }
    }

    internal void SetMask(int pin, bool isMasked)
    {
        using (s_lock.Acquire())
        {
            uint low = Read(FirstEntryRegister + 2 * pin);
            Write(FirstEntryRegister + 2 * pin, isMasked ? low | Masked : low & ~Masked);
        }
    }

    private uint Read(int register)
    {
        *(uint*)_registers = (uint)register;
        return *(uint*)(_registers + WindowOffset);
    }

    private void Write(int register, uint value)
    {
        *(uint*)_registers = (uint)register;
        *(uint*)(_registers + WindowOffset) = value;
    }
}
