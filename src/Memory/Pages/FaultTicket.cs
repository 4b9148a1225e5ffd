namespace Cashew.Memory;

/// <summary>
/// What a page fault has seen without a lock: the version of the mappings and, if a file is behind them, how
/// often it was cut. Checked under the lock of the page tables before an entry is written. Whoever takes
/// mappings or file pages away changes these numbers first and clears the entries afterwards, under that same
/// lock: so a late entry is either refused or cleared.
/// </summary>
internal readonly ref struct FaultTicket
{
    private readonly VmaTree _mappings;
    private readonly uint _version;
    private readonly PageSource? _source;
    private readonly uint _cuts;

    internal FaultTicket(VmaTree mappings, uint version, PageSource? source)
    {
        _mappings = mappings;
        _version = version;
        _source = source;
        _cuts = source is null ? 0 : source.Cuts;
    }

    internal bool IsCurrent => _mappings.IsCurrent(_version) && (_source is null || _source.Cuts == _cuts);
}
