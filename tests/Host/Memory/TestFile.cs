using Cashew.Abi;
using Cashew.Machine;
using Cashew.Memory;

namespace Cashew.Host.Memory;

/// <summary>An open file over a page cache; counts who refers to it.</summary>
public sealed class TestFile : IMappedFile
{
    public TestFile(PageCache pages) => Pages = pages;

    public TestFile(int pages, byte fill)
        : this(new PageCache())
    {
        byte[] contents = new byte[pages * UserAddress.PageSizeBytes];
        System.Array.Fill(contents, fill);
        UserSource source = new(contents);
        _ = Pages.Write(0, ref source);
    }

    public PageCache Pages { get; }

    public int References { get; private set; }

    public bool IsReadable { get; init; } = true;

    public bool IsWritable { get; init; } = true;

    public bool AllowsExecution { get; init; } = true;

    /// <summary>What an attempt to map it yields.</summary>
    public Errno MapError { get; init; }

    /// <summary>As /dev/zero: private mappings are plain memory.</summary>
    public bool IsZeroDevice { get; init; }

    public bool TryOpenMapping(bool isShared, out PageSource? source, out Errno error)
    {
        source = IsZeroDevice ? null : Pages;
        error = MapError;
        return error == Errno.None;
    }

    public void RetainMapping() => References++;

    public void ReleaseMapping() => References--;

    public byte this[int offset]
    {
        get
        {
            byte[] value = new byte[1];
            UserDestination destination = new(value);
            _ = Pages.Read(offset, ref destination);
            return value[0];
        }
        set
        {
            UserSource source = new(new[] { value });
            _ = Pages.Write(offset, ref source);
        }
    }
}
