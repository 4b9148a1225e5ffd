namespace Cashew.Abi;

/// <summary>Flags of the timerfd calls.</summary>
/// <source>timerfd_create(2)</source>
public static class TimerfdBits
{
    public const int TFD_TIMER_ABSTIME = 1;
    public const int TFD_TIMER_CANCEL_ON_SET = 2;
    public const int TFD_CLOEXEC = 524288;
    public const int TFD_NONBLOCK = 2048;
}
