using System;
using System.Runtime.InteropServices;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Memory;
using Cashew.Net;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>The control messages that a program sends along.</summary>
/// <source>cmsg(3), unix(7).</source>
internal static class ControlReader
{
    internal const int HeaderBytes = 16;
    private const int CredentialBytes = 12;

    /// <summary>/proc/sys/net/core/optmem_max.</summary>
    private const int MostBytes = 20480;

    /// <errors>
    /// ENOBUFS: too long. EFAULT. EINVAL: a length that does not fit, an unknown type, more than 253 files.
    /// EBADF: a
    /// descriptor that is not open. EPERM: the credentials of somebody else. ESRCH: of no process.
    /// ETOOMANYREFS: the user has
    /// too many files on their way. ENOMEM.
    /// </errors>
    internal static Errno Read(UserThread caller, in MsgHdr header, ref OutgoingMessage message)
    {
        if (header.msg_controllen == 0) return Errno.None;
        if (header.msg_controllen > MostBytes) return Errno.ENOBUFS;
        if (!KernelObjects.MayCreateFile()) return Errno.ENOMEM;
        byte[] control = new byte[(int)header.msg_controllen];
        if (UserMemory.CopyIn(control, new UserAddress(header.msg_control)) < control.Length) return Errno.EFAULT;

        FileList files = new(caller);
        Errno error = ReadAll(caller, control, ref message, files);
        if (error == Errno.None) error = files.CheckLimit();
        if (error == Errno.None) message.Files = files.ToPackage();
        else files.Release();
        return error;
    }

    private static Errno ReadAll(
        UserThread caller, ReadOnlySpan<byte> control, ref OutgoingMessage message, FileList files)
    {
        while (control.Length >= HeaderBytes)
        {
            CmsgHdr header = MemoryMarshal.Read<CmsgHdr>(control);
            if (header.cmsg_len < HeaderBytes || header.cmsg_len > (ulong)control.Length) return Errno.EINVAL;
            ReadOnlySpan<byte> data = control[HeaderBytes..(int)header.cmsg_len];
            Errno error = header.cmsg_level != SocketLevel.SOL_SOCKET
                ? Errno.None
                : header.cmsg_type switch
                {
                    SocketOption.SCM_RIGHTS => files.Add(MemoryMarshal.Cast<byte, int>(data)),
                    SocketOption.SCM_CREDENTIALS => ReadCredentials(caller, data, ref message),
                    _ => Errno.EINVAL,
                };
            if (error != Errno.None) return error;
            control = control[int.Min(Aligned((int)header.cmsg_len), control.Length)..];
        }

        return Errno.None;
    }

    internal static int Aligned(int lengthBytes) => (lengthBytes + 7) & ~7;

    private static Errno ReadCredentials(UserThread caller, ReadOnlySpan<byte> data, ref OutgoingMessage message)
    {
        if (data.Length != CredentialBytes) return Errno.EINVAL;
        Ucred given = MemoryMarshal.Read<Ucred>(data);
        Credentials own = caller.Credentials;
        bool isAllowed = (given.pid == caller.Process.Id || own.Has(Capability.CAP_SYS_ADMIN))
            && (given.uid == own.Uid || given.uid == own.Euid || given.uid == own.Suid || own.Has(Capability.CAP_SETUID))
            && (given.gid == own.Gid || given.gid == own.Egid || given.gid == own.Sgid || own.Has(Capability.CAP_SETGID));
        if (!isAllowed) return Errno.EPERM;
        if (given.pid != caller.Process.Id && ProcessTree.Find(given.pid) is null) return Errno.ESRCH;
        if (given.uid == uint.MaxValue || given.gid == uint.MaxValue) return Errno.EINVAL;
        message.Credentials = given;
        return Errno.None;
    }

    /// <summary>The files that were named so far, each with a reference.</summary>
    private sealed class FileList(UserThread caller)
    {
        private readonly UserThread _caller = caller;
        private OpenFile[] _files = [];

        internal Errno Add(ReadOnlySpan<int> descriptors)
        {
            if (descriptors.IsEmpty) return Errno.None;
            int count = _files.Length;
            if (count + descriptors.Length > FilePackage.MostFiles) return Errno.EINVAL;

            OpenFile[] files = new OpenFile[count + descriptors.Length];
            _files.AsSpan().CopyTo(files);
            foreach (int fd in descriptors)
            {
                if (!_caller.Descriptors.TryGet(fd, out OpenFile? file))
                {
                    FilePackage.Release(files.AsSpan(_files.Length, count - _files.Length));
                    return Errno.EBADF;
                }

                files[count++] = file;
            }

            _files = files;
            return Errno.None;
        }

        /// <source>unix(7), ETOOMANYREFS: looked at before the files are added, as Linux does.</source>
        internal Errno CheckLimit()
        {
            if (_files.Length == 0) return Errno.None;
            bool isMany = _caller.FileAccount.TravelingFileCount > DescriptorLimit.Of(_caller);
            Credentials own = _caller.Credentials;
            bool isExempt = own.Has(Capability.CAP_SYS_RESOURCE) || own.Has(Capability.CAP_SYS_ADMIN);
            return isMany && !isExempt ? Errno.ETOOMANYREFS : Errno.None;
        }

        internal FilePackage? ToPackage()
            => _files.Length == 0 ? null : new FilePackage(_files, _caller.FileAccount);

        internal void Release() => FilePackage.Release(_files);
    }
}
