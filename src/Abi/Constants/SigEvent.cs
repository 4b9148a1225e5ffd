namespace Cashew.Abi;

/// <summary>How a timer or a queue notifies.</summary>
/// <source>sigevent(7)</source>
public static class SigEvent
{
    public const int SIGEV_SIGNAL = 0;
    public const int SIGEV_NONE = 1;
    public const int SIGEV_THREAD = 2;
    public const int SIGEV_THREAD_ID = 4;
}
