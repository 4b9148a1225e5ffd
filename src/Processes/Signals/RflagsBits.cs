namespace Cashew.Processes;

/// <summary>Bits of the flags register.</summary>
/// <source>Intel SDM volume 1, 3.4.3 "EFLAGS Register".</source>
internal static class RflagsBits
{
    internal const ulong Trap = 1 << 8;
    internal const ulong Interrupt = 1 << 9;
    internal const ulong Direction = 1 << 10;
    internal const ulong NestedTask = 1 << 14;
    internal const ulong Resume = 1 << 16;

    /// <summary>What a program may set by returning from a handler: arithmetic flags, DF, TF, RF,
    /// AC.</summary>
    internal const ulong UserChangeable = 0x0005_0DD5;

    /// <summary>The same for a debugger.</summary>
    internal const ulong TracerChangeable = UserChangeable | NestedTask;
}
