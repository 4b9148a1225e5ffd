using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Host;

/// <summary>The least kernel under which threads run: the timer drives the scheduler, as does the way to user
/// mode.</summary>
internal class ThreadedKernel : KernelEntry
{
    /// <summary>Whether interrupts of the timer find the program or the kernel at work; see
    /// <see cref="Accounting"/>.</summary>
    internal bool IsInUser { get; set; } = true;

    public override void SystemCall(ref UserRegisters user)
    {
    }

    public override bool PageFault(UserAddress at, FaultAccess access, bool fromUser, ref UserRegisters user) => false;

    public override void UserException(ref UserRegisters user, UserException exception)
    {
    }

    public override void BeforeReturnToUser(ref UserRegisters user) => Scheduler.RescheduleIfWanted();

    public override void TimerExpired()
    {
        Accounting.Sample(IsInUser);
        Scheduler.TimerExpired();
    }
}
