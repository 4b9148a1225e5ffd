namespace Cashew.Memory;

/// <summary>When locked pages come in.</summary>
public enum LockMode
{
    Now,

    /// <summary>MLOCK_ONFAULT, MCL_ONFAULT: as they are touched.</summary>
    OnFault,
}
