using System;
using System.Threading;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Memory;

namespace Cashew.Files.Systems;

/// <summary>A regular file of a tmpfs. Its page cache is made when somebody wants the contents for the first
/// time.</summary>
internal sealed class TmpfsFile(TmpfsFilesystem filesystem, ulong number, in NewNode node)
    : PagedInode(filesystem, number, node)
{
    private const int PageBytes = UserAddress.PageSizeBytes;
    private const int BlocksPerPage = PageBytes / 512;
    private const int KnownModes = FallocateBits.FALLOC_FL_KEEP_SIZE | FallocateBits.FALLOC_FL_PUNCH_HOLE;

    private readonly TmpfsFilesystem _filesystem = filesystem;
    private PageFiller? _origin;
    private PageCache? _contents;

    public override long LengthBytes
    {
        get
        {
            PageCache? contents = Volatile.Read(ref _contents);
            return contents is not null ? contents.LengthBytes : _origin?.LengthBytes ?? 0;
        }
    }

    /// <summary>What is in an archive counts as if it were all here, though it takes no page until it is
    /// written.</summary>
    public override long Blocks512
    {
        get
        {
            if (_origin is not null) return (LengthBytes + PageBytes - 1) / PageBytes * BlocksPerPage;
            return (Volatile.Read(ref _contents)?.PageCount ?? 0) * BlocksPerPage;
        }
    }

    public override PageCache Contents
    {
        get
        {
            PageCache? contents = Volatile.Read(ref _contents);
            if (contents is not null) return contents;
            TmpfsContents created = new(this, _origin, _filesystem.Account);

            // A file with a name is shared with whoever can open it: only a memfd may be sealed (fcntl(2)).
            created.StartSealed(FileSeals.Seal);
            return Interlocked.CompareExchange(ref _contents, created, null) ?? created;
        }
    }

    public override PageCache? SealableContents => _filesystem.HasSeals ? Contents : null;

    /// <summary>Replaces the contents by what lies in an archive, or by nothing.</summary>
    /// <locking>None: nobody has the file open or mapped.</locking>
    internal void SetOrigin(PageFiller? origin)
    {
        _contents?.Close();
        _contents = null;
        _origin?.Discard();
        _origin = origin;
    }

    public override IoResult SeekContents(long offset, bool toData)
    {
        if (offset < 0 || offset >= LengthBytes) return Errno.ENXIO;
        long found = toData ? Contents.FindData(offset) : Contents.FindHole(offset);
        return found < 0 ? Errno.ENXIO : found;
    }

    /// <source>fallocate(2).</source>
    public override Errno Allocate(int mode, long offset, long lengthBytes, long limitBytes)
    {
        if ((mode & ~KnownModes) != 0) return Errno.EOPNOTSUPP;
        bool punches = (mode & FallocateBits.FALLOC_FL_PUNCH_HOLE) != 0;
        bool keepsSize = (mode & FallocateBits.FALLOC_FL_KEEP_SIZE) != 0;
        if (punches) return keepsSize ? Contents.PunchHole(offset, lengthBytes) : Errno.EOPNOTSUPP;

        // The limit counts even where the size stays.
        long end = offset + lengthBytes;
        if (end > limitBytes && end > LengthBytes) return Errno.EFBIG;
        Errno error = Contents.Reserve(offset, lengthBytes);
        if (error != Errno.None || keepsSize || end <= LengthBytes) return error;
        return Contents.Truncate(end);
    }

    protected override void Evict()
    {
        // Without a user nobody makes the cache now.
        Volatile.Read(ref _contents)?.Close();
        _origin?.Discard();
        _filesystem.Account.UnchargeInode();
    }

    /// <summary>The pages; a write through a mapping changes the file's time, too.</summary>
    private sealed class TmpfsContents(TmpfsFile file, PageFiller? filler, PageBudget budget)
        : PageCache(filler, budget)
    {
        private readonly TmpfsFile _file = file;

        public override bool IsSharedMemory => true;
        public override void PageDirtied(long pageIndex) => _file.TouchModified();
    }
}
