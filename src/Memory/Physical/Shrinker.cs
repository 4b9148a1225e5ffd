namespace Cashew.Memory;

/// <summary>A cache that can give frames back when memory is short.</summary>
public abstract class Shrinker
{
    internal Shrinker? Next;

    /// <summary>Gives back up to this many frames, cheapest first; returns how many.</summary>
    /// <locking>
    /// May sleep. Called while the caller may hold locks up to and including rank FileContents: it takes none
    /// below AddressSpace, and skips what it cannot have at once.
    /// </locking>
    public abstract int Shrink(int wantedFrames);

    /// <summary>Lets go of objects that could be had again; the collection that follows makes frames of
    /// them.</summary>
    /// <locking>No lock is held.</locking>
    public virtual void DropObjects()
    {
    }
}
