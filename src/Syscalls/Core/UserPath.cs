using System;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>Copies paths from the program, into buffers that the thread keeps.</summary>
internal static class UserPath
{
    /// <errors>EFAULT. ENAMETOOLONG: no end within PATH_MAX bytes.</errors>
    internal static bool TryRead(UserThread caller, UserAddress from, out ReadOnlySpan<byte> path, out Errno error) =>
        TryRead(caller.PathBytes[..Limits.PATH_MAX], from, out path, out error);

    /// <summary>The second path of a call that has two.</summary>
    internal static bool TryReadSecond(
        UserThread caller, UserAddress from, out ReadOnlySpan<byte> path, out Errno error) =>
        TryRead(caller.PathBytes[Limits.PATH_MAX..], from, out path, out error);

    private static bool TryRead(Span<byte> buffer, UserAddress from, out ReadOnlySpan<byte> path, out Errno error)
    {
        path = default;
        int length = UserMemory.CopyInString(buffer, from);
        error = length < 0 ? Errno.EFAULT : length == buffer.Length ? Errno.ENAMETOOLONG : Errno.None;
        if (error != Errno.None) return false;
        path = buffer[..length];
        return true;
    }
}
