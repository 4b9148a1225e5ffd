using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Kernel.SelfTests;

/// <summary>There are no programs: only the timer means anything.</summary>
internal sealed class KernelOnlyEntry : KernelEntry
{
    public override void SystemCall(ref UserRegisters user) => Panic.Stop("a system call without programs");

    public override bool PageFault(UserAddress at, FaultAccess access, bool fromUser, ref UserRegisters user) => false;

    public override void UserException(ref UserRegisters user, UserException exception) =>
        Panic.Stop("a user exception without programs");

    public override void BeforeReturnToUser(ref UserRegisters user)
    {
    }

    public override void TimerExpired() => Scheduler.TimerExpired();
}
