using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>Finds the places that mounting calls name.</summary>
internal static class MountPlaces
{
    /// <summary>The place, pinned.</summary>
    /// <param name="walk">With AllowEmpty, an empty path means the descriptor's own place.</param>
    internal static bool TryFind(
        UserThread caller, int directoryFd, UserAddress path, WalkFlags walk, out PathLocation found, out Errno error)
    {
        found = default;
        if (!PathArgument.TryTake(caller, directoryFd, path, out PathArgument argument, out error)) return false;
        using (argument)
        {
            return PathWalk.TryFind(caller.FileCaller, argument.Start, argument.Path, walk, out found, out error);
        }
    }
}
