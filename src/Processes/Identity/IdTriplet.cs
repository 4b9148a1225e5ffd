namespace Cashew.Processes;

/// <summary>Real, effective and saved id, of a user or a group.</summary>
public readonly struct IdTriplet(uint real, uint effective, uint saved)
{
    /// <summary>In the arguments of setresuid(2) and setreuid(2): leave it.</summary>
    public const uint Keep = uint.MaxValue;

    public uint Real { get; } = real;

    public uint Effective { get; } = effective;

    public uint Saved { get; } = saved;

    public bool Contains(uint id) => id == Real || id == Effective || id == Saved;

    public bool HasRoot => Contains(0);

    /// <summary>setuid(2), setgid(2): all three with privilege, else only the effective one.</summary>
    internal bool TrySet(uint id, bool isPrivileged, out IdTriplet result)
    {
        result = isPrivileged ? new IdTriplet(id, id, id) : new IdTriplet(Real, id, Saved);
        return isPrivileged || id == Real || id == Saved;
    }

    /// <summary>setreuid(2), setregid(2).</summary>
    internal bool TrySetTwo(uint real, uint effective, bool isPrivileged, out IdTriplet result)
    {
        result = this;
        bool mayReal = isPrivileged || real == Keep || real == Real || real == Effective;
        bool mayEffective = isPrivileged || effective == Keep || Contains(effective);
        if (!mayReal || !mayEffective) return false;

        uint newReal = real == Keep ? Real : real;
        uint newEffective = effective == Keep ? Effective : effective;
        // Whoever changes the real id, or takes another effective one than it, cannot go back.
        bool movesSaved = real != Keep || (effective != Keep && effective != Real);
        result = new IdTriplet(newReal, newEffective, movesSaved ? newEffective : Saved);
        return true;
    }

    /// <summary>setresuid(2), setresgid(2).</summary>
    internal bool TrySetThree(uint real, uint effective, uint saved, bool isPrivileged, out IdTriplet result)
    {
        result = new IdTriplet(
            real == Keep ? Real : real, effective == Keep ? Effective : effective, saved == Keep ? Saved : saved);
        return isPrivileged
            || (IsKnown(real) && IsKnown(effective) && IsKnown(saved));
    }

    private bool IsKnown(uint id) => id == Keep || Contains(id);
}
