namespace Cashew.Tasks;

/// <summary>Why a sleep ended.</summary>
public enum WakeReason
{
    Woken,
    TimedOut,
    Interrupted,
}
