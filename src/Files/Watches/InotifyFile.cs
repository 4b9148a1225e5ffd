using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Memory;
using Cashew.Tasks;

namespace Cashew.Files;

/// <summary>
/// An inotify instance: watches on files, and the events that they have brought. This half has the watches;
/// <c>InotifyFile.Events.cs</c> has the events.
/// </summary>
/// <locking>The sleeping lock: which watches there are and what they ask for. It is the innermost of the
/// sleeping ones, because whatever holds the others may report, and a report can end a watch. The spin lock:
/// the queue.</locking>
/// <source>inotify(7), inotify_add_watch(2), inotify_rm_watch(2).</source>
public sealed partial class InotifyFile : OpenFile
{
    private const uint KeptFlags = InotifyBits.IN_ALL_EVENTS | InotifyBits.IN_EXCL_UNLINK | InotifyBits.IN_ONESHOT;

    // Of fdinfo.
    private const int LinesAtOnce = 256;

    private readonly SleepLock _lock = new(LockRank.InotifyWatches);
    private readonly Dictionary<int, InotifyWatch> _watches = new();
    private readonly FileAccount _account;
    private int _lastDescriptor;

    private InotifyFile(FileAccount account, uint flags)
        : base(AnonymousFilesystem.AddUser(), default, OpenBits.O_RDONLY | flags)
    {
        _account = account;
        _queue = new InotifyQueue((int)InotifyLimits.MostEvents);
        InotifyFiles.Add(this);
    }

    public override bool HasReadiness => true;
    public override bool KnowsOwner => true;

    // InotifyFiles' chain, under its lock.
    internal InotifyFile? NextFile;

    /// <param name="flags">IN_NONBLOCK or none.</param>
    /// <errors>EMFILE: the user has as many as may be. ENOMEM.</errors>
    public static bool TryCreate(
        FileAccount account, uint flags, [NotNullWhen(true)] out InotifyFile? file, out Errno error)
    {
        file = null;
        error = Errno.ENOMEM;
        if (!KernelObjects.MayCreateFile()) return false;
        error = Errno.EMFILE;
        if (!account.TryAddInotify()) return false;
        error = Errno.None;
        file = new InotifyFile(account, flags);
        return true;
    }

    /// <summary>Begins to watch a file, or changes what is watched for.</summary>
    /// <param name="mask">Events and flags; checked.</param>
    /// <returns>The number of the watch.</returns>
    /// <errors>EACCES: the file may not be read. ENOSPC: the user watches too much. EEXIST: IN_MASK_CREATE,
    /// and there is a watch.
    /// ENOMEM. ENOTDIR: IN_ONLYDIR. And those of <see cref="PathWalk"/>.</errors>
    public SyscallResult Watch(
        in FileCaller caller, PathLocation start, ReadOnlySpan<byte> path, uint mask)
    {
        WalkFlags flags = (mask & InotifyBits.IN_DONT_FOLLOW) != 0 ? WalkFlags.None : WalkFlags.FollowLast;
        if ((mask & InotifyBits.IN_ONLYDIR) != 0) flags |= WalkFlags.Directory;
        while (true)
        {
            if (!PathWalk.TryFind(caller, start, path, flags, out PathLocation found, out Errno error)) return error;
            Inode inode = found.Inode;
            error = Permission.Check(inode, AccessModes.Read, caller.Credentials);

            // In use until it has the watch: should it go meanwhile, the watch hears of it when we let go.
            if (error == Errno.None && !inode.TryAddUser()) error = DentryCache.ForgetRemoved(found);
            found.Unpin();
            if (error == Errno.ESTALE) continue;
            if (error != Errno.None) return error;
            SyscallResult result = Watch(inode, mask);
            inode.ReleaseUser();
            return result;
        }
    }

    /// <errors>EINVAL: there is no such watch.</errors>
    public Errno Unwatch(int descriptor)
    {
        InotifyWatch? watch;
        using (_lock.Acquire())
        {
            if (!_watches.TryGetValue(descriptor, out watch)) return Errno.EINVAL;
        }

        End(watch);
        return Errno.None;
    }

    /// <summary>Takes a watch away and says so, once.</summary>
    internal void End(InotifyWatch watch)
    {
        using SleepLock.Guard guard = _lock.Acquire();
        if (!_watches.Remove(watch.Descriptor)) return;
        FileWatches.Detach(watch);
        _account.RemoveInotifyWatch();
        QueueEnd(watch);
    }

    internal void FilesystemGone(Filesystem filesystem)
    {
        List<InotifyWatch> going = [];
        using (_lock.Acquire())
        {
            foreach (KeyValuePair<int, InotifyWatch> pair in _watches)
            {
                if (ReferenceEquals(pair.Value.Inode.Filesystem, filesystem)) going.Add(pair.Value);
            }
        }

        foreach (InotifyWatch watch in going)
        {
            watch.Tell(InotifyBits.IN_UNMOUNT, 0, []);
            End(watch);
        }
    }

    public override void AppendName(ByteBuilder text, PathLocation root) => text.Append("anon_inode:inotify"u8);

    /// <summary>One line for each watch.</summary>
    /// <source>proc_pid_fdinfo(5).</source>
    public override bool AppendDetails(ByteBuilder text, ref long position)
    {
        using SleepLock.Guard guard = _lock.Acquire();
        long index = 0;
        foreach (KeyValuePair<int, InotifyWatch> pair in _watches)
        {
            if (index++ < position) continue;
            if (index - position > LinesAtOnce)
            {
                position = index - 1;
                return true;
            }

            InotifyWatch watch = pair.Value;
            text.Append("inotify wd:"u8).AppendHex((ulong)(uint)watch.Descriptor);
            text.Append(" ino:"u8).AppendHex(watch.Inode.Number);
            text.Append(" sdev:"u8).AppendHex(watch.Inode.Filesystem.Device.Packed);
            text.Append(" mask:"u8).AppendHex(watch.Mask & KeptFlags).Append(" ignored_mask:0 \n"u8);
        }

        return false;
    }

    protected override void Closed()
    {
        InotifyFiles.Remove(this);
        using (_lock.Acquire())
        {
            foreach (KeyValuePair<int, InotifyWatch> pair in _watches)
            {
                FileWatches.Detach(pair.Value);
                _account.RemoveInotifyWatch();
            }

            _watches.Clear();
        }

        _account.RemoveInotify();
    }

    private SyscallResult Watch(Inode inode, uint mask)
    {
        using SleepLock.Guard guard = _lock.Acquire();
        if (FindLocked(inode) is InotifyWatch existing)
        {
            if ((mask & InotifyBits.IN_MASK_CREATE) != 0) return Errno.EEXIST;
            bool adds = (mask & InotifyBits.IN_MASK_ADD) != 0;
            existing.Mask = adds ? existing.Mask | (mask & KeptFlags) : mask & KeptFlags;
            return existing.Descriptor;
        }

        if (!KernelObjects.MayCreateFile()) return Errno.ENOMEM;
        if (!_account.TryAddInotifyWatch()) return Errno.ENOSPC;
        InotifyWatch watch = new(this, inode, NextDescriptorLocked(), mask & KeptFlags);
        _watches.Add(watch.Descriptor, watch);
        FileWatches.Attach(watch);
        return watch.Descriptor;
    }

    private InotifyWatch? FindLocked(Inode inode)
    {
        foreach (InotifyWatch watch in inode.Watches)
        {
            if (ReferenceEquals(watch.Owner, this)) return watch;
        }

        return null;
    }

    // One after the other, so that a number that has just become free means nothing new to who still reads of
    // the old.
    private int NextDescriptorLocked()
    {
        do _lastDescriptor = _lastDescriptor == int.MaxValue ? 1 : _lastDescriptor + 1;
        while (_watches.ContainsKey(_lastDescriptor));
        return _lastDescriptor;
    }
}
