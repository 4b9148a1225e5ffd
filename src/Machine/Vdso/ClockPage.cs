using System.Runtime.InteropServices;
using System.Threading;

namespace Cashew.Machine;

/// <summary>
/// What the vDSO reads, in a frame of its own that every program sees: the clock's constants, and what is set
/// while the system runs. <see cref="Clock"/> reads the same words, so the two cannot disagree.
/// </summary>
/// <remarks>
/// There is no sequence lock. Start and multiplier are written once, before there is a program. Each of the
/// others is one aligned word, which a processor writes at once, and no reader puts two of them together.
/// </remarks>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ClockPage
{
    /// <summary>VDSO_START, VDSO_MULTIPLIER: see <see cref="Clock"/>.</summary>
    internal ulong Start;
    internal ulong Multiplier;

    /// <summary>VDSO_REALTIME_OFFSET: nanoseconds to add to the time since boot.</summary>
    internal long RealtimeOffset;

    /// <summary>VDSO_TIME_ZONE: struct timezone, of settimeofday(2).</summary>
    internal long TimeZone;
}
