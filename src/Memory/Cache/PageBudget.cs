namespace Cashew.Memory;

/// <summary>How many pages the files of one file system may hold together (tmpfs's size option).</summary>
public abstract class PageBudget
{
    /// <summary>False: ENOSPC.</summary>
    /// <locking>Takes no lock and does not sleep.</locking>
    public abstract bool TryCharge(long pages);

    public abstract void Uncharge(long pages);
}
