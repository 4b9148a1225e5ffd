namespace Cashew.Machine;

/// <summary>Adds to a panic report what Machine does not know. Runs with everything broken: no allocation, no
/// locks.</summary>
public abstract class PanicContext
{
    public abstract void Describe();
}
