using System;
using System.Diagnostics.CodeAnalysis;
using System.Threading;
using Cashew.Abi;
using Cashew.Files.Terminals;
using Cashew.Memory;

namespace Cashew.Files.Systems;

/// <summary>One devpts: the pseudo-terminals made through its multiplexer, by number.</summary>
/// <locking>None: a slot is taken by compare and exchange, and given back when neither side is
/// open.</locking>
public sealed class DevptsFilesystem : Filesystem
{
    /// <summary>In the whole system, as /proc/sys/kernel/pty/max; a pair takes some twelve
    /// kilobytes.</summary>
    public const int MaxPairs = 1024;

    // Inode numbers: the root, the multiplexer, and from here on the slaves.
    private const ulong RootNumber = 1;
    private const ulong MultiplexerNumber = 2;
    private const ulong FirstSlaveNumber = 3;
    private const uint RootMode = Abi.Mode.S_IFDIR | 0x1ED; // 0755

    private static int s_count;

    private readonly Pseudoterminal?[] _pairs = new Pseudoterminal?[MaxPairs];
    private readonly DevptsDirectory _root;
    private DevptsOptions _options;
    private int _count;

    internal DevptsFilesystem(DevptsType type, in DevptsOptions options)
        : base(type)
    {
        _options = options;
        _root = new DevptsDirectory(this, RootNumber, new NewNode(RootMode, 0, 0));
        Multiplexer = new DevptsMultiplexer(
            this, MultiplexerNumber, new NewNode(Abi.Mode.S_IFCHR | options.MultiplexerMode, 0, 0));
    }

    public override Inode RootInode => _root;

    internal DevptsMultiplexer Multiplexer { get; }

    internal uint SlaveMode => Abi.Mode.S_IFCHR | _options.Mode;

    internal static ulong InodeNumber(int number) => FirstSlaveNumber + (ulong)number;

    /// <summary>Opens the multiplexer: a new pair, of which the file is the master.</summary>
    /// <param name="names">Where this file system's root was found, pinned; a successful open takes the pins
    /// over.</param>
    /// <errors>ENOSPC: as many pairs as may be. ENOMEM.</errors>
    internal bool TryOpenMaster(
        Inode inode, in OpenRequest request, PathLocation names, [NotNullWhen(true)] out OpenFile? file,
        out Errno error)
    {
        file = null;
        if (!TryAdd(request.Caller.Credentials, out Pseudoterminal? pair, out error)) return false;
        file = new PseudoMaster(pair, inode, request, names);
        return true;
    }

    /// <summary>The pair whose slave has a name of that number.</summary>
    internal Pseudoterminal? Find(long number)
    {
        if ((ulong)number >= MaxPairs) return null;
        Pseudoterminal? pair = Volatile.Read(ref _pairs[number]);
        return pair is null || pair.Port.IsMasterClosed ? null : pair;
    }

    internal void RemoveName(Pseudoterminal pair)
    {
        _root.TouchModified();
        pair.Inode.DropLinks();
        if (FileWatches.AreThere) ReportName(pair, InotifyBits.IN_DELETE);
    }

    internal void ReleaseNumber(Pseudoterminal pair)
    {
        Volatile.Write(ref _pairs[pair.Number], null);
        _ = Interlocked.Decrement(ref _count);
        _ = Interlocked.Decrement(ref s_count);
    }

    public override void GetStatistics(out Statfs statistics)
    {
        statistics = default;
        statistics.f_type = FilesystemMagic.DEVPTS_SUPER_MAGIC;
        statistics.f_bsize = BlockBytes;
        statistics.f_frsize = BlockBytes;
        statistics.f_namelen = NameRules.MaxNameBytes;
    }

    /// <summary>For slaves and the node ptmx from now on; those that there are stay as they are.</summary>
    /// <errors>EINVAL: an option is not understood, or makes no sense.</errors>
    public override Errno Remount(ReadOnlySpan<byte> options)
    {
        DevptsOptions changed = _options;
        if (!changed.TryApply(options)) return Errno.EINVAL;
        _options = changed;
        return Multiplexer.SetAttributes(new AttributeChange { Permissions = changed.MultiplexerMode });
    }

    public override void AppendOptions(ByteBuilder text)
    {
        if (_options.Uid is uint uid) text.Append(",uid="u8).Append((ulong)uid);
        if (_options.Gid is uint gid) text.Append(",gid="u8).Append((ulong)gid);
        AppendMode(text, ",mode="u8, _options.Mode);
        AppendMode(text, ",ptmxmode="u8, _options.MultiplexerMode);
        if (_options.IsLimited) text.Append(",max="u8).Append((long)_options.MaxPairs);
    }

    // At least three digits.
    private static void AppendMode(ByteBuilder text, ReadOnlySpan<byte> label, uint mode)
        => text.Append(label).AppendOctal(mode, 3);

    private bool TryAdd(
        Credentials credentials, [NotNullWhen(true)] out Pseudoterminal? pair, out Errno error)
    {
        pair = null;
        error = Errno.ENOMEM;
        if (!KernelObjects.MayCreateFile()) return false;

        // Counted first, so that a free slot is certain.
        error = Errno.ENOSPC;
        bool isOver = Interlocked.Increment(ref s_count) > MaxPairs;
        isOver |= Interlocked.Increment(ref _count) > _options.MaxPairs;
        if (isOver)
        {
            _ = Interlocked.Decrement(ref _count);
            _ = Interlocked.Decrement(ref s_count);
            return false;
        }

        uint uid = _options.Uid ?? credentials.Fsuid;
        uint gid = _options.Gid ?? credentials.Fsgid;
        int number = 0;
        while (true)
        {
            while (Volatile.Read(ref _pairs[number]) is not null) number = (number + 1) % MaxPairs;
            pair = new Pseudoterminal(this, number, uid, gid);
            if (Interlocked.CompareExchange(ref _pairs[number], pair, null) is null) break;
        }

        _root.TouchModified();
        if (FileWatches.AreThere) ReportName(pair, InotifyBits.IN_CREATE);
        error = Errno.None;
        return true;
    }

    private void ReportName(Pseudoterminal pair, uint happened)
    {
        ByteBuilder name = new();
        name.Append((long)pair.Number);
        FileWatches.ReportEntry(_root, name.Written, pair.Inode, happened);
    }
}
