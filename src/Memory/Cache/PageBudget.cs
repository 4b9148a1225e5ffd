namespace Cashew.Memory;

/// <summary>How many pages the files of one file system may hold together (tmpfs's size option).</summary>
public abstract class PageBudget
{
    /// <summary>How many it may ever be; 0 when there is no limit.</summary>
    public abstract long LimitPages { get; }

    /// <summary>False: ENOSPC.</summary>
    /// <locking>Takes no lock and does not sleep.</locking>
    public abstract bool TryCharge(long pages);

    public abstract void Uncharge(long pages);
}
