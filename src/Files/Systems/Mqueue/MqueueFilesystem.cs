using System;
using System.Diagnostics.CodeAnalysis;
using System.Threading;
using Cashew.Abi;
using Cashew.Files.Terminals;
using Cashew.Memory;

namespace Cashew.Files.Systems;

/// <summary>The message queues, as files. There is one instance, whether it is mounted or not.</summary>
/// <source>mq_overview(7).</source>
public sealed class MqueueFilesystem : Filesystem
{
    private const uint RootPermissions = 0x3FF; // 01777

    private readonly MqueueDirectory _root;
    private long _lastNumber;
    private int _queues;

    internal MqueueFilesystem(FilesystemType type)
        : base(type)
    {
        NewNode node = new(Mode.S_IFDIR | RootPermissions, 0, 0);
        _root = new MqueueDirectory(this, NextNumber(), node);

        // Queues outlive the mounts.
        AddMount();
    }

    public override Inode RootInode => _root;

    /// <summary>Queues that there are, those without a name that are still open among them.</summary>
    public int QueueCount => Volatile.Read(ref _queues);

    /// <summary>Opens a queue, which it makes if that is wanted and needed.</summary>
    /// <param name="shape">Of a new one; null for the usual.</param>
    /// <errors>ENOENT: no such queue, or no name. EACCES: it may not be opened, or a name with a slash.
    /// EEXIST. EINVAL.
    /// ENAMETOOLONG. ENOSPC, EMFILE, ENOMEM: see <see cref="MqueueDirectory.TryCreateQueue"/>.</errors>
    /// <source>mq_open(3)</source>
    public bool TryOpen(
        in FileCaller caller, ReadOnlySpan<byte> name, uint flags, uint mode, MqueueShape? shape,
        [NotNullWhen(true)] out OpenFile? file, out Errno error)
    {
        file = null;
        error = CheckName(name);
        return error == Errno.None
            && FileTree.TryOpenQueue(caller, InternalRoot, name, flags, mode, shape, out file, out error);
    }

    /// <errors>ENOENT. EACCES. EPERM: somebody else's. ENAMETOOLONG.</errors>
    /// <source>mq_unlink(3)</source>
    public Errno Unlink(in FileCaller caller, ReadOnlySpan<byte> name)
    {
        Errno error = CheckName(name);
        return error == Errno.None ? FileTree.Unlink(caller, InternalRoot, name) : error;
    }

    public override void GetStatistics(out Statfs statistics)
    {
        statistics = default;
        statistics.f_type = FilesystemMagic.MQUEUE_MAGIC;
        statistics.f_bsize = BlockBytes;
        statistics.f_frsize = BlockBytes;
        statistics.f_namelen = NameRules.MaxNameBytes;
    }

    /// <errors>EINVAL: there are no options.</errors>
    public override Errno Remount(ReadOnlySpan<byte> options) => options.IsEmpty ? Errno.None : Errno.EINVAL;

    /// <inheritdoc cref="MqueueDirectory.TryCreateQueue"/>
    internal bool TryCreateQueue(
        in NewNode node, MqueueShape shape, [NotNullWhen(true)] out Inode? inode, out Errno error)
    {
        inode = null;
        bool isPrivileged = JobControl.CallerMay(Capability.CAP_SYS_RESOURCE);
        error = Errno.ENOSPC;
        if (QueueCount >= MqueueLimits.Queues && !isPrivileged) return false;
        error = shape.Check(isPrivileged);
        if (error != Errno.None) return false;
        error = Errno.ENOMEM;
        if (!KernelObjects.MayCreateName()) return false;
        error = Errno.EMFILE;
        FileAccount account = MqueueCaller.Installed.Account;
        if (!account.TryAddMessageBytes(shape.ChargedBytes, MqueueCaller.Installed.LimitBytes)) return false;

        error = Errno.None;
        inode = new MqueueInode(this, NextNumber(), node, shape, account);
        _ = Interlocked.Increment(ref _queues);
        return true;
    }

    internal void ForgetQueue() => _ = Interlocked.Decrement(ref _queues);

    // The C library has taken the first slash.
    private static Errno CheckName(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty) return Errno.ENOENT;
        if (name.Length > NameRules.MaxNameBytes) return Errno.ENAMETOOLONG;
        bool isPath = name.IndexOf((byte)'/') >= 0 || NameRules.IsDot(name) || NameRules.IsDotDot(name);
        return isPath ? Errno.EACCES : Errno.None;
    }

    private ulong NextNumber() => (ulong)Interlocked.Increment(ref _lastNumber);
}
