using System;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Files.Systems;

/// <summary>A file system that is being made, or changed, step by step.</summary>
/// <locking>A sleeping lock, held while a step is taken.</locking>
/// <source>fsopen(2), fsconfig(2), fsmount(2), fspick(2).</source>
/// <deviation>There are no messages to be read from the descriptor (ENODATA): the errno says what is
/// wrong.</deviation>
public sealed class FilesystemConfiguration : OpenFile
{
    /// <summary>mount(2): the options of a mount are a page at most.</summary>
    private const int MaxOptionBytes = UserAddress.PageSizeBytes - 2;

    private readonly SleepLock _lock = new(LockRank.FilesystemConfiguration);
    private readonly FilesystemType _type;
    private readonly ByteBuilder _options = new();
    private PathLocation _picked;
    private byte[] _source = [];
    private Filesystem? _filesystem;
    private ConfigurationPhase _phase;
    private bool _isReadOnly;
    private FilesystemOptions _shared;

    /// <summary>For a new file system (fsopen(2)).</summary>
    public FilesystemConfiguration(FilesystemType type)
        : base(AnonymousFilesystem.AddUser(), default, OpenBits.O_RDWR)
    {
        _type = type;
    }

    /// <summary>For one that is mounted (fspick(2)).</summary>
    /// <param name="pinned">The top of a mount of it; the pins are taken over.</param>
    public FilesystemConfiguration(PathLocation pinned)
        : this(pinned.Mount.Filesystem.Type)
    {
        _picked = pinned;
        _filesystem = pinned.Mount.Filesystem;
        _isReadOnly = _filesystem.IsReadOnly;
        _shared = _filesystem.Options;
        _phase = ConfigurationPhase.Mounted;
    }

    /// <summary>Sets an option without a value.</summary>
    /// <errors>EBUSY: not the time. EINVAL: not understood, or too much.</errors>
    public Errno SetFlag(ReadOnlySpan<byte> key)
    {
        using SleepLock.Guard guard = _lock.Acquire();
        if (!TakesOptions) return Errno.EBUSY;
        if (key.SequenceEqual("ro"u8)) _isReadOnly = true;
        else if (key.SequenceEqual("rw"u8)) _isReadOnly = false;
        else if (!TryApplyShared(key)) return Append(key, default, hasValue: false);
        return Errno.None;
    }

    /// <summary>Sets an option with a value; "source" is what the device is called.</summary>
    /// <inheritdoc cref="SetFlag"/>
    public Errno SetText(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        using SleepLock.Guard guard = _lock.Acquire();
        if (!TakesOptions) return Errno.EBUSY;
        if (!key.SequenceEqual("source"u8)) return Append(key, value, hasValue: true);
        if (_source.Length > 0) return Errno.EINVAL;
        _source = value.ToArray();
        return Errno.None;
    }

    /// <summary>Makes the file system (FSCONFIG_CMD_CREATE).</summary>
    /// <errors>EBUSY: not the time. And those of <see cref="FilesystemType.TryMount"/>.</errors>
    public Errno Create(in FileCaller caller)
    {
        using SleepLock.Guard guard = _lock.Acquire();
        if (_phase != ConfigurationPhase.Creating) return Errno.EBUSY;
        _phase = ConfigurationPhase.Failed;
        if (!_type.TryMount(caller, _source, _options.Written, out _filesystem, out Errno error)) return error;
        if (!_filesystem.IsMounted)
        {
            _filesystem.IsReadOnly = _isReadOnly || _filesystem.IsNeverWritable;
            _filesystem.Options = _shared;
        }

        _options.Clear();
        _phase = ConfigurationPhase.Created;
        return Errno.None;
    }

    /// <summary>Changes the mounted file system (FSCONFIG_CMD_RECONFIGURE).</summary>
    /// <errors>EBUSY: not the time; somebody writes, and it is to be read-only. EINVAL.</errors>
    public Errno Reconfigure()
    {
        using SleepLock.Guard guard = _lock.Acquire();
        if (_phase != ConfigurationPhase.Mounted || _filesystem is null) return Errno.EBUSY;
        if (!_isReadOnly && _filesystem.IsNeverWritable) return Errno.EROFS;
        if (_isReadOnly && !_filesystem.IsReadOnly && !_filesystem.TryBecomeReadOnly()) return Errno.EBUSY;
        Errno error = _filesystem.Remount(_options.Written);
        if (error != Errno.None) return error;
        _filesystem.IsReadOnly = _isReadOnly;
        _filesystem.Options = _shared;
        _options.Clear();
        return Errno.None;
    }

    /// <summary>Mounts the file system nowhere, for fsmount(2).</summary>
    /// <errors>EINVAL: it has not been made. ENOMEM.</errors>
    public Errno Mount(MountOptions options, out MountNamespace? tree)
    {
        tree = null;
        using SleepLock.Guard guard = _lock.Acquire();
        if (_phase != ConfigurationPhase.Created) return Errno.EINVAL;
        Errno error = MountNamespace.TryCreateDetached(_filesystem!, _source, options, out tree);
        if (error != Errno.None) return error;

        // The mount holds it from now on; and this holds the mount, so that a remount finds it.
        _picked = new PathLocation(tree!.Root, tree.Root.Root);
        if (!_picked.TryPin()) _picked = default;
        _phase = ConfigurationPhase.Mounted;
        return Errno.None;
    }

    public override void AppendName(ByteBuilder text, PathLocation root) => text.Append("anon_inode:[fscontext]"u8);

    protected override IoResult ReadCore(ref UserDestination destination, long offset) => Errno.ENODATA;

    protected override void Closed()
    {
        if (_phase == ConfigurationPhase.Created) _filesystem!.Discard();
        _picked.Unpin();
    }

    private bool TakesOptions => _phase is ConfigurationPhase.Creating or ConfigurationPhase.Mounted;

    // What every file system takes.
    private bool TryApplyShared(ReadOnlySpan<byte> key)
    {
        if (key.SequenceEqual("sync"u8)) _shared |= FilesystemOptions.Synchronous;
        else if (key.SequenceEqual("async"u8)) _shared &= ~FilesystemOptions.Synchronous;
        else if (key.SequenceEqual("dirsync"u8)) _shared |= FilesystemOptions.SynchronousDirectories;
        else if (key.SequenceEqual("lazytime"u8)) _shared |= FilesystemOptions.LazyTimes;
        else if (key.SequenceEqual("nolazytime"u8)) _shared &= ~FilesystemOptions.LazyTimes;
        else if (key.SequenceEqual("mand"u8)) _shared |= FilesystemOptions.MandatoryLocks;
        else if (key.SequenceEqual("nomand"u8)) _shared &= ~FilesystemOptions.MandatoryLocks;
        else return false;
        return true;
    }

    private Errno Append(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, bool hasValue)
    {
        // A comma would begin another option.
        if (key.IndexOf((byte)',') >= 0 || value.IndexOf((byte)',') >= 0) return Errno.EINVAL;
        if (_options.LengthBytes + key.Length + value.Length + 2 > MaxOptionBytes) return Errno.EINVAL;
        ByteBuilder option = new();
        option.Append(key);
        if (hasValue) option.Append((byte)'=').Append(value);
        Errno error = _type.CheckOption(option.Written);
        if (error != Errno.None) return error;
        if (_options.LengthBytes > 0) _options.Append((byte)',');
        _options.Append(option.Written);
        return Errno.None;
    }
}
