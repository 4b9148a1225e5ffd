using Cashew.Machine;
using Cashew.Memory;

namespace Cashew.Host.Memory;

/// <summary>A kernel that only handles page faults, for the space a test has chosen.</summary>
internal sealed class FaultingKernel : KernelEntry
{
    internal AddressSpace? Space { get; set; }

    internal FaultResult Last { get; private set; }

    internal int Count { get; private set; }

    public override bool PageFault(UserAddress at, FaultAccess access, bool fromUser, ref UserRegisters user)
    {
        Count++;
        Last = Space!.HandleFault(at, access);
        return Last == FaultResult.Handled;
    }

    public override void SystemCall(ref UserRegisters user)
    {
    }

    public override void UserException(ref UserRegisters user, UserException exception)
    {
    }

    public override void BeforeReturnToUser(ref UserRegisters user)
    {
    }

    public override void TimerExpired()
    {
    }
}
