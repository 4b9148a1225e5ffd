using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Memory;

/// <summary>
/// What a new mapping will show, opened before the space's lock is taken. Holds a reference, which becomes
/// the mapping's.
/// </summary>
internal readonly struct Backing
{
    private readonly Errno _openError;

    private Backing(IMappedFile? file, PageSource? source, Errno openError)
    {
        File = file;
        Source = source;
        _openError = openError;
    }

    internal IMappedFile? File { get; }

    internal PageSource? Source { get; }

    /// <summary>Not the file that was asked for, but shared memory made for the mapping.</summary>
    internal bool IsNew(in MapRequest request) => !ReferenceEquals(File, request.File);

    internal static Backing Open(in MapRequest request, ulong lengthBytes)
    {
        bool isShared = request.Has(MapFlags.Shared);
        if (request.File is null) return isShared ? OpenShared(in request, lengthBytes) : default;
        if (!request.File.TryOpenMapping(isShared, out PageSource? source, out Errno error))
            return new Backing(null, null, error);
        if (source is null && isShared) return OpenShared(in request, lengthBytes);

        request.File.RetainMapping();
        Backing backing = new(request.File, source, Errno.None);
        if (backing.IsAnnounced(in request)) source!.AnnounceWriter();
        return backing;
    }

    /// <summary>The mapping is made, or is not going to be. Before <see cref="Release"/>.</summary>
    internal void Settle(in MapRequest request)
    {
        if (IsAnnounced(in request)) Source!.SettleWriter();
    }

    internal void Release() => File?.ReleaseMapping();

    // Whoever seals a file against writing must know of those who are about to map it (PageCache.AddSeals).
    private bool IsAnnounced(in MapRequest request) =>
        Source is not null && request.File is not null && request.Has(MapFlags.Shared) && request.File.IsWritable;

    /// <summary>The checks that concern the file, in Linux's order.</summary>
    internal Errno Check(in MapRequest request, long pages)
    {
        bool isShared = request.Has(MapFlags.Shared);
        if (request.File is null)
        {
            if (isShared && request.Has(MapFlags.GrowsDown)) return Errno.EINVAL;
            return _openError;
        }

        const long HighestPage = long.MaxValue / UserAddress.PageSizeBytes;
        if (request.FirstPage < 0 || request.FirstPage > HighestPage - pages) return Errno.EOVERFLOW;

        bool writes = (request.Rights & PageRights.Write) != 0;
        if (isShared && writes && !request.File.IsWritable) return Errno.EACCES;
        if (!request.File.IsReadable) return Errno.EACCES;
        if ((request.Rights & PageRights.Execute) != 0 && !request.File.AllowsExecution) return Errno.EPERM;
        if (_openError != Errno.None) return _openError;
        if (request.Has(MapFlags.GrowsDown)) return Errno.EINVAL;
        return isShared && writes && IsSealed ? Errno.EPERM : Errno.None;
    }

    /// <summary>The most that mprotect may grant later.</summary>
    internal PageRights MaximumRights(in MapRequest request)
    {
        PageRights rights = PageRights.Read | PageRights.Write | PageRights.Execute;
        if (request.File is null) return rights;
        if (request.Has(MapFlags.Shared) && (!request.File.IsWritable || IsSealed)) rights &= ~PageRights.Write;
        if (request.Has(MapFlags.Special) && !request.File.IsWritable) rights &= ~PageRights.Write;
        if (!request.File.AllowsExecution) rights &= ~PageRights.Execute;
        return rights;
    }

    /// <summary>Against writing through new mappings.</summary>
    private bool IsSealed =>
        Source is not null && (Source.Seals & (FileSeals.Write | FileSeals.FutureWrite)) != 0;

    private static Backing OpenShared(in MapRequest request, ulong lengthBytes)
    {
        // Lengths that no space has room for are refused later, by name.
        if (lengthBytes == 0 || lengthBytes > UserAddress.LimitValue) return default;

        bool isCommitted = !request.Has(MapFlags.NoReserve) || Commitment.Mode == OvercommitMode.Never;
        return SharedMemory.TryCreate((long)lengthBytes, isCommitted, out SharedMemory? memory)
            ? new Backing(memory, memory, Errno.None)
            : new Backing(null, null, Errno.ENOMEM);
    }
}
