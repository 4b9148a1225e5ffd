using System.Diagnostics.CodeAnalysis;
using System.Threading;
using Cashew.Abi;

namespace Cashew.Memory;

/// <summary>
/// Anonymous memory that several address spaces share: a page cache without a file, kept by its mappings, or
/// by a System V segment.
/// </summary>
public sealed class SharedMemory : PageCache, IMappedFile
{
    private readonly long _committedPages;
    private int _references = 1;

    private SharedMemory(long committedPages) => _committedPages = committedPages;

    public override bool IsSharedMemory => true;

    public bool IsReadable => true;

    public bool IsWritable => true;

    public bool AllowsExecution => true;

    /// <summary>An object of this length, with one reference. Pages come with use.</summary>
    /// <errors>ENOMEM: more than may be promised, or no memory for the object.</errors>
    public static bool TryCreate(long lengthBytes, bool isCommitted, [NotNullWhen(true)] out SharedMemory? memory)
    {
        memory = null;
        long pages = isCommitted ? (lengthBytes + 4095) / 4096 : 0;
        if (!KernelObjects.MayCreate() || !Commitment.TryAdd(pages)) return false;

        memory = new SharedMemory(pages);
        // Growing an empty file takes no page and cannot fail.
        _ = memory.Truncate(lengthBytes);
        return true;
    }

    public bool TryOpenMapping(bool isShared, out PageSource? source, out Errno error)
    {
        source = this;
        error = Errno.None;
        return true;
    }

    public void RetainMapping() => _ = Interlocked.Increment(ref _references);

    public void ReleaseMapping()
    {
        if (Interlocked.Decrement(ref _references) != 0) return;

        Close();
        Commitment.Remove(_committedPages);
    }
}
