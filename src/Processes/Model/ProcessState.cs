namespace Cashew.Processes;

public enum ProcessState : byte
{
    /// <summary>Has threads, perhaps exiting ones.</summary>
    Live,

    /// <summary>Ended, and nobody has waited for it yet.</summary>
    Zombie,

    /// <summary>Waited for; its pid means something else now or soon.</summary>
    Reaped,
}
