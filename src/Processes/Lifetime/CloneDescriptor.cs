using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>CLONE_PIDFD: the descriptor that the parent gets for its child.</summary>
/// <source>clone(2).</source>
internal static class CloneDescriptor
{
    /// <summary>Takes a number and tells it, before there is a child: that cannot be undone.</summary>
    /// <errors>EMFILE, ENFILE, ENOMEM, EFAULT.</errors>
    internal static bool TryReserve(UserThread caller, in CloneRequest request, out int fd, out Errno error)
    {
        DescriptorTable descriptors = caller.Descriptors;
        FdFlags flags = FdFlags.FromOpen(OpenBits.O_CLOEXEC);
        if (!descriptors.TryReserve(request.DescriptorLimit(caller.Process), flags, out fd, out error)) return false;
        error = OpenFileLimit.Check(caller.Credentials);
        if (error == Errno.None && !UserMemory.TryWrite(request.DescriptorAddress, fd)) error = Errno.EFAULT;
        if (error == Errno.None) return true;
        descriptors.CancelReservation(fd);
        return false;
    }
}
