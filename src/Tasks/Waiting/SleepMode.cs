namespace Cashew.Tasks;

/// <summary>Which signals end a sleep.</summary>
public enum SleepMode
{
    /// <summary>None.</summary>
    Uninterruptible,

    /// <summary>Any.</summary>
    Interruptible,

    /// <summary>Only fatal ones.</summary>
    Killable,
}
