using System;
using Cashew.Machine;

namespace Cashew.Host.Machine;

/// <summary>A kernel entry whose answers a test gives.</summary>
internal sealed class ScriptedKernel : KernelEntry
{
    internal delegate void RegistersAction(ref UserRegisters user);

    internal RegistersAction OnSystemCall { get; set; } = static (ref UserRegisters _) => { };

    internal Func<UserAddress, FaultAccess, bool, bool> OnPageFault { get; set; } = static (_, _, _) => false;

    internal RegistersAction OnAttention { get; set; } = static (ref UserRegisters _) => { };

    internal Action OnTimer { get; set; } = static () => { };

    public override void SystemCall(ref UserRegisters user) => OnSystemCall(ref user);

    public override bool PageFault(UserAddress at, FaultAccess access, bool fromUser, ref UserRegisters user) =>
        OnPageFault(at, access, fromUser);

    public override void UserException(ref UserRegisters user, UserException exception)
    {
    }

    public override void BeforeReturnToUser(ref UserRegisters user) => OnAttention(ref user);

    public override void TimerExpired() => OnTimer();
}
