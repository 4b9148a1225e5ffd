namespace Cashew.Processes;

/// <summary>Offsets within the frame of a signal handler (struct rt_sigframe), from its return address on.
/// </summary>
/// <source>asm/ucontext.h, asm/sigcontext.h.</source>
internal static class SignalFrameLayout
{
    internal const int Context = 8;
    internal const int Info = Context + ContextBytes;
    internal const int LengthBytes = Info + SignalInfo.UserSizeBytes;

    // struct ucontext.
    internal const int ContextBytes = 304;
    internal const int ContextFlags = 0;
    internal const int ContextStack = 16;
    internal const int ContextRegisters = 40;
    internal const int ContextMask = 296;

    // struct sigcontext: eighteen registers, then these.
    internal const int RegisterCount = 18;
    internal const int Segments = 144;
    internal const int ErrorCode = 152;
    internal const int TrapNumber = 160;
    internal const int OldMask = 168;
    internal const int FaultAddress = 176;
    internal const int FpuPointer = 184;

    // stack_t.
    internal const int StackPointer = 0;
    internal const int StackFlags = 8;
    internal const int StackBytes = 16;
    internal const int StackSizeBytes = 24;
}
