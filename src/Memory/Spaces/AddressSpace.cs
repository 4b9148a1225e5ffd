using System.Diagnostics.CodeAnalysis;
using System.Threading;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Memory;

/// <summary>
/// What a program sees as memory: its mappings, its page tables, and the rules of mmap(2) and its kin.
/// Threads share it, and so do a parent and its vfork child.
/// </summary>
/// <remarks>
/// Changes take the change lock, a sleeping one, since they may wait for a file. Page faults normally take no
/// lock until they write an entry (see <see cref="VmaTree"/> and <see cref="FaultTicket"/>), so that the
/// threads of a program do not queue up for one, nor wait while another reads a file.
/// </remarks>
/// <locking>
/// The change lock (rank AddressSpace) comes after those of files and before the lists of mappings of files
/// (FileMappings) and the page tables (PageTable). User memory is never touched with it held.
/// </locking>
public sealed partial class AddressSpace
{
    private readonly SleepLock _changes = new(LockRank.AddressSpace);
    private readonly VmaSet _mappings;
    private readonly PageMap _pages;
    private int _references = 1;

    // Of the list of all spaces, under its lock.
    internal AddressSpace? NextSpace;
    internal AddressSpace? PreviousSpace;

    private AddressSpace(PageTable table)
    {
        _pages = new PageMap(table);
        _mappings = new VmaSet(_pages);
        Limits = SpaceLimits.None;
        MapBase = Placement.MapBase(SpaceLimits.Unlimited, 0, 0);
        AddressSpaceList.Add(this);
    }

    /// <summary>To be activated by the threads that use the space; entries are this room's
    /// business.</summary>
    public PageTable Table => _pages.Table;

    /// <summary>Written by the owner of the process, single words; a change concerns what is mapped
    /// afterwards.</summary>
    public SpaceLimits Limits;

    /// <summary>Written by exec before the program runs.</summary>
    public ProgramAreas Areas;

    /// <summary>Mappings are placed below this address, top down; see
    /// <see cref="Placement.MapBase"/>.</summary>
    public UserAddress MapBase { get; set; }

    /// <summary>prctl(2), PR_SET_THP_DISABLE. Inherited by children, kept by exec.</summary>
    public bool RefusesHugePages { get; set; }

    /// <summary>Mappings are placed above the map base instead, bottom up.</summary>
    public bool GrowsUpward { get; set; }

    /// <summary>/proc/PID/coredump_filter: what goes into a core file. Inherited; exec keeps it.</summary>
    public uint DumpFilter { get; set; }

    /// <summary>Pages in the tables, by kind.</summary>
    public ResidentPages Resident => _pages.Resident;

    public long PeakResidentPages => _pages.PeakResident;

    public SpaceSizes Sizes
    {
        get
        {
            using SleepLock.Guard guard = _changes.Acquire();
            return _mappings.Sizes;
        }
    }

    /// <summary>What the kernel keeps of a mapping, more or less.</summary>
    public const int BytesPerMapping = 224;

    public int MappingCount => _mappings.Tree.Count;

    /// <errors>ENOMEM</errors>
    public static bool TryCreate([NotNullWhen(true)] out AddressSpace? space, out Errno error)
    {
        space = null;
        error = Errno.ENOMEM;
        if (!KernelObjects.MayCreate() || !PageTable.TryCreate(out PageTable? table)) return false;

        space = new AddressSpace(table);
        error = Errno.None;
        return true;
    }

    public void Retain() => _ = Interlocked.Increment(ref _references);

    /// <summary>One more reference, by somebody who found the space in a process that may end at this
    /// moment.</summary>
    public bool TryRetain()
    {
        int seen = Volatile.Read(ref _references);
        while (seen != 0)
        {
            int found = Interlocked.CompareExchange(ref _references, seen + 1, seen);
            if (found == seen) return true;
            seen = found;
        }

        return false;
    }

    /// <summary>The last one gives back everything. No thread uses the space by then, and it is loaded
    /// nowhere else.</summary>
    /// <locking>No lock held: files are let go of.</locking>
    public void Release()
    {
        if (Interlocked.Decrement(ref _references) != 0) return;

        AddressSpaceList.Remove(this);
        VmaGarbage garbage = default;
        _mappings.RemoveAll(ref garbage);
        Table.Release();
        garbage.Release();
    }
}
