namespace Cashew.Machine;

/// <summary>The bits of the debug control register, DR7, and of the status register, DR6.</summary>
/// <source>Intel SDM volume 3, 18.2.3 "Debug Status Register (DR6)", 18.2.4 "Debug Control Register
/// (DR7)".</source>
public static class DebugControl
{
    public const int Count = 4;

    /// <summary>DR6: which of DR0 to DR3 was hit, and that it was a single step.</summary>
    public const ulong HitMask = 0xF;
    public const ulong Step = 1 << 14;

    /// <summary>All bits of DR6 that say something here; the others are constant or another's
    /// business.</summary>
    public const ulong StatusMask = HitMask | Step;

    private const int FieldsShift = 16;
    private const int FieldsBits = 4;

    public const int Execute = 0;
    public const int Write = 1;
    public const int InputOutput = 2;

    private const int KindMask = 3;
    private const int LengthShift = 2;
    private const int EightBytes = 2;

    /// <summary>Enabled locally or globally: without hardware task switches the two are the same.</summary>
    public static bool IsEnabled(ulong control, int index) => (control >> index * 2 & 3) != 0;

    /// <summary>What DR0 to DR3 wait for: <see cref="Execute"/>, <see cref="Write"/>, <see
    /// cref="InputOutput"/>, or any access to data.</summary>
    public static int Kind(ulong control, int index) => (int)(Fields(control, index) & KindMask);

    public static int LengthBytes(ulong control, int index)
    {
        int field = (int)(Fields(control, index) >> LengthShift & KindMask);
        return field == EightBytes ? 8 : field + 1;
    }

    private static ulong Fields(ulong control, int index) => control >> FieldsShift + index * FieldsBits;
}
