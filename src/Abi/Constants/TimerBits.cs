namespace Cashew.Abi;

/// <summary>Flags of the timer and adjustment calls, and the interval timers.</summary>
/// <source>timer_settime(2), setitimer(2), adjtimex(2)</source>
public static class TimerBits
{
    public const int TIMER_ABSTIME = 1;
    public const int ITIMER_REAL = 0;
    public const int ITIMER_VIRTUAL = 1;
    public const int ITIMER_PROF = 2;
    public const int ADJ_OFFSET = 1;
    public const int ADJ_FREQUENCY = 2;
    public const int ADJ_MAXERROR = 4;
    public const int ADJ_ESTERROR = 8;
    public const int ADJ_STATUS = 16;
    public const int ADJ_TIMECONST = 32;
    public const int ADJ_TAI = 128;
    public const int ADJ_SETOFFSET = 256;
    public const int ADJ_MICRO = 4096;
    public const int ADJ_NANO = 8192;
    public const int ADJ_TICK = 16384;
    public const int ADJ_OFFSET_SINGLESHOT = 32769;
    public const int ADJ_OFFSET_SS_READ = 40961;
    public const int STA_UNSYNC = 64;
    public const int STA_PLL = 1;
    public const int STA_NANO = 8192;
    public const int TIME_OK = 0;
    public const int TIME_ERROR = 5;
}
