using System.Runtime.InteropServices;
using Cashew.Abi;

namespace Cashew.Processes;

/// <summary>The frame of a signal handler (struct rt_sigframe), from its return address on; the
/// floating-point state lies above it.</summary>
/// <source>asm/ucontext.h, asm/sigcontext.h.</source>
[StructLayout(LayoutKind.Sequential)]
internal struct SignalFrameImage
{
    // Offsets and length, for what points into the frame.
    internal const int ContextOffset = sizeof(ulong);
    internal const int InfoOffset = ContextOffset + ContextBytes;
    internal const int LengthBytes = InfoOffset + SignalInfo.UserSizeBytes;

    private const int ContextBytes = 304;

    internal ulong Restorer;
    internal Ucontext Context;
    internal SigInfo Info;
}
