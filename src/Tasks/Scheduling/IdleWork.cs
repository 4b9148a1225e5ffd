namespace Cashew.Tasks;

/// <summary>Something useful for a processor that has nothing to do.</summary>
public abstract class IdleWork
{
    /// <summary>A short piece of work with interrupts on; false when there is nothing left.</summary>
    public abstract bool TryDoSome();
}
