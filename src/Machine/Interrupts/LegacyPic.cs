namespace Cashew.Machine;

/// <summary>The two 8259 controllers, which we only silence.</summary>
/// <source>Intel 8259A data sheet.</source>
internal static class LegacyPic
{
    internal static void Disable()
    {
        const ushort FirstData = 0x21;
        const ushort SecondData = 0xA1;
        const byte AllMasked = 0xFF;
        Instructions.Out8(FirstData, AllMasked);
        Instructions.Out8(SecondData, AllMasked);
    }
}
