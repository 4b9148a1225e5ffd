using System;
using System.Diagnostics.CodeAnalysis;
using System.Threading;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Memory;

namespace Cashew.Files.Systems;

/// <summary>One tmpfs.</summary>
/// <source>tmpfs(5).</source>
public sealed class TmpfsFilesystem : Filesystem
{
    private const int PageBytes = UserAddress.PageSizeBytes;

    private readonly TmpfsDirectory _root;
    private readonly TmpfsOptions _defaults;
    private TmpfsOptions _options;
    private long _lastNumber;

    /// <param name="type">Its kind.</param>
    /// <param name="options">What it was mounted with.</param>
    /// <param name="defaults">What it would have without options: only the difference is shown.</param>
    internal TmpfsFilesystem(FilesystemType type, in TmpfsOptions options, in TmpfsOptions defaults)
        : base(type)
    {
        _options = options;
        _defaults = defaults;
        Account = new TmpfsAccount(options);
        bool hasRoot = Account.TryChargeInode();
        System.Diagnostics.Debug.Assert(hasRoot, "the least limit is one file, and this is the first");
        NewNode node = new(Mode.S_IFDIR | options.RootPermissions, options.RootUid, options.RootGid);
        _root = new TmpfsDirectory(this, NextNumber(), node);
    }

    public override Inode RootInode => _root;

    internal TmpfsAccount Account { get; }

    /// <summary>Ramfs has none.</summary>
    internal bool HasSeals => _options.HasLimits;

    public override bool HasFileFlags => true;
    public override bool HasHandles => true;

    public override PageBudget? AttributeBudget => Account;

    /// <summary>Makes a file of any type, without a name yet but with the link that a name will be.</summary>
    /// <errors>ENOSPC: as many files as may be. ENOMEM.</errors>
    internal bool TryCreateInode(in NewNode node, [NotNullWhen(true)] out Inode? inode, out Errno error)
    {
        inode = null;
        error = KernelObjects.MayCreateName() ? Errno.ENOSPC : Errno.ENOMEM;
        if (error == Errno.ENOMEM || !Account.TryChargeInode()) return false;
        if (node.Target is byte[] target && !Account.TryCharge(TmpfsLink.PagesFor(target)))
        {
            Account.UnchargeInode();
            return false;
        }

        ulong number = NextNumber();
        error = Errno.None;
        inode = node.Type switch
        {
            InodeType.Directory => new TmpfsDirectory(this, number, node),
            InodeType.Regular => new TmpfsFile(this, number, node),
            InodeType.SymbolicLink => new TmpfsLink(this, number, node),
            _ => new TmpfsSpecial(this, number, node),
        };
        return true;
    }

    /// <summary>A regular file whose contents lie somewhere already; they are not looked at now.</summary>
    /// <inheritdoc cref="TryCreateInode"/>
    internal bool TryCreateFile(
        in NewNode node, PageFiller? contents, [NotNullWhen(true)] out Inode? inode, out Errno error)
    {
        if (!TryCreateInode(node, out inode, out error)) return false;
        ((TmpfsFile)inode).SetOrigin(contents);
        return true;
    }

    public override void GetStatistics(out Statfs statistics)
    {
        statistics = default;
        statistics.f_type = _options.HasLimits ? FilesystemMagic.TMPFS_MAGIC : FilesystemMagic.RAMFS_MAGIC;
        statistics.f_bsize = BlockBytes;
        statistics.f_frsize = BlockBytes;
        if (Account.MaxPages != 0)
        {
            statistics.f_blocks = (ulong)Account.MaxPages;
            statistics.f_bfree = (ulong)Math.Max(0, Account.MaxPages - Account.Pages);
            statistics.f_bavail = statistics.f_bfree;
        }

        if (Account.MaxInodes != 0)
        {
            statistics.f_files = (ulong)Account.MaxInodes;
            statistics.f_ffree = (ulong)Math.Max(0, Account.MaxInodes - Account.Inodes);
        }

        Span<int> id = statistics.f_fsid;
        id[0] = (int)Device.Minor;
    }

    /// <errors>EINVAL: an option is not understood, more is in use than would be allowed, or there was no
    /// limit before.
    /// </errors>
    /// <source>tmpfs(5): mode, uid and gid are for the first mount; afterwards the root has owner and mode
    /// like any other directory.</source>
    public override Errno Remount(ReadOnlySpan<byte> options)
    {
        TmpfsOptions changed = _options;
        Errno error = changed.Apply(options);
        if (error != Errno.None) return error;
        if (!Account.TrySetLimits(changed.MaxPages, changed.MaxInodes)) return Errno.EINVAL;
        _options.MaxPages = changed.MaxPages;
        _options.MaxInodes = changed.MaxInodes;
        _options.HugePolicy = changed.HugePolicy;
        _options.NodePolicy = changed.NodePolicy;
        _options.HasSmallNumbers = changed.HasSmallNumbers;
        return Errno.None;
    }

    public override void AppendOptions(ByteBuilder text)
    {
        if (_options.MaxPages != _defaults.MaxPages)
        {
            text.Append(",size="u8).Append(_options.MaxPages * (PageBytes / 1024)).Append((byte)'k');
        }

        if (_options.MaxInodes != _defaults.MaxInodes) text.Append(",nr_inodes="u8).Append(_options.MaxInodes);
        if (_options.RootPermissions != _defaults.RootPermissions)
        {
            text.Append(",mode="u8).AppendOctal(_options.RootPermissions);
        }

        if (_options.RootUid != 0) text.Append(",uid="u8).Append((ulong)_options.RootUid);
        if (_options.RootGid != 0) text.Append(",gid="u8).Append((ulong)_options.RootGid);
        if (!_options.HasLimits) return;
        text.Append(_options.HasSmallNumbers ? ",inode32"u8 : ",inode64"u8);
        if (_options.HugePolicy is byte[] huge) text.Append(",huge="u8).Append(huge);
        if (_options.NodePolicy is byte[] nodes) text.Append(",mpol="u8).Append(nodes);
    }

    /// <summary>Takes all names away; with its last name, and if nobody uses it, each file gives its pages
    /// back.</summary>
    protected override void Release()
    {
        // There may be millions of directories: those still to come are a chain of themselves.
        TmpfsDirectory? next = _root;
        while (next is TmpfsDirectory directory)
        {
            next = directory.NextToDrop;
            directory.DropEntries(ref next);
        }
    }

    private ulong NextNumber() => (ulong)Interlocked.Increment(ref _lastNumber);
}
