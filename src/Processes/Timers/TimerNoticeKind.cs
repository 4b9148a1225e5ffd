namespace Cashew.Processes;

/// <summary>How a timer tells of its expiry.</summary>
/// <source>sigevent(3type).</source>
public enum TimerNoticeKind : byte
{
    /// <summary>A signal to the process.</summary>
    Process,

    /// <summary>A signal to one of its threads.</summary>
    Thread,

    /// <summary>The same as to the process: the C library's word for a signal that starts a thread.</summary>
    NewThread,

    /// <summary>Not at all.</summary>
    None,
}
