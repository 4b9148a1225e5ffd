using System;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>Runs another program in the place of this one.</summary>
internal static class Execve
{
    private const int KnownFlags = AtBits.AT_EMPTY_PATH | AtBits.AT_SYMLINK_NOFOLLOW;

    /// <errors>
    /// ENOENT, EACCES, ELOOP, ENOTDIR, ENAMETOOLONG: the path. ENOEXEC: no program. E2BIG: arguments and
    /// environment. EFAULT. ENOMEM.
    /// </errors>
    /// <source>execve(2)</source>
    internal static SyscallResult Invoke(
        UserThread caller, ref UserRegisters user, UserAddress path, UserAddress arguments, UserAddress environment)
    {
        if (!UserPath.TryCopy(path, out UserPath text, out Errno error)) return error;
        using (text)
        {
            if (!ProgramFile.TryOpen(
                caller.FileCaller, default, text.Bytes, WalkFlags.FollowLast, out OpenFile? file,
                out error)) return error;
            ProgramName name = new(text.Bytes, vanishes: false);
            return Execute(caller, ref user, file, name, arguments, environment);
        }
    }

    /// <errors>EINVAL: an unknown flag. EBADF. EACCES: an empty path and a file without a place. ENOENT: a
    /// script that its interpreter would look for by a descriptor that will be closed. The rest: as
    /// execve.</errors>
    /// <source>execveat(2)</source>
    internal static SyscallResult InvokeAt(
        UserThread caller, ref UserRegisters user, int directoryFd, UserAddress path, UserAddress arguments,
        UserAddress environment, int flags)
    {
        if ((flags & ~KnownFlags) != 0) return Errno.EINVAL;
        if (!PathArgument.TryTake(caller, directoryFd, path, out PathArgument argument, out Errno error)) return error;
        using (argument)
        {
            // A file that never had a name would be taken for the working directory below.
            if (argument.Itself(flags) is { Location.IsNone: true }) return Errno.EACCES;
            if (!ProgramFile.TryOpen(
                caller.FileCaller, argument.Start, argument.Path, PathArgument.FollowUnless(flags),
                out OpenFile? file, out error)) return error;

            ReadOnlySpan<byte> given = argument.Path;
            bool isRelative = directoryFd != AtBits.AT_FDCWD && (given.IsEmpty || given[0] != (byte)'/');
            ProgramName name = isRelative
                ? new(NameBelow(directoryFd, given), ClosesOnExec(caller, directoryFd)) { IsDescriptor = given.IsEmpty }
                : new(given, vanishes: false);
            return Execute(caller, ref user, file, name, arguments, environment);
        }
    }

    private static bool ClosesOnExec(UserThread caller, int fd) =>
        caller.Descriptors.TryGetFlags(fd, out FdFlags flags) && flags.IsCloseOnExec;

    /// <summary>What the program and a script's interpreter are told: /dev/fd/N, and the path from
    /// there.</summary>
    private static byte[] NameBelow(int directoryFd, ReadOnlySpan<byte> path)
    {
        const int MaxDigits = 10;
        ReadOnlySpan<byte> prefix = "/dev/fd/"u8;
        Span<byte> digits = stackalloc byte[MaxDigits];
        int start = MaxDigits;
        do digits[--start] = (byte)('0' + directoryFd % 10);
        while ((directoryFd /= 10) != 0);
        digits = digits[start..];

        byte[] name = new byte[prefix.Length + digits.Length + (path.IsEmpty ? 0 : 1 + path.Length)];
        prefix.CopyTo(name);
        digits.CopyTo(name.AsSpan(prefix.Length));
        if (path.IsEmpty) return name;
        name[prefix.Length + digits.Length] = (byte)'/';
        path.CopyTo(name.AsSpan(prefix.Length + digits.Length + 1));
        return name;
    }

    /// <param name="file">Given away.</param>
    private static SyscallResult Execute(
        UserThread caller, ref UserRegisters user, OpenFile file, ProgramName name, UserAddress arguments,
        UserAddress environment)
    {
        ArgumentStrings strings = ArgumentStrings.Create(caller.Process.Limits.Soft(RlimitResource.RLIMIT_STACK));
        Errno error = strings.Gather(arguments, environment, name.Bytes.Length);
        if (error == Errno.None) error = Exec.Execute(caller, ref user, file, name, strings);
        else file.Release();
        strings.Release();
        return error;
    }
}
