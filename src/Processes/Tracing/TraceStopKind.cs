namespace Cashew.Processes;

/// <summary>Why a traced thread stands still.</summary>
/// <source>ptrace(2), "Stopped states".</source>
internal enum TraceStopKind : byte
{
    /// <summary>Signal-delivery-stop: what to do with a signal is the tracer's choice.</summary>
    Signal,

    /// <summary>Group-stop of a thread that was attached to with PTRACE_ATTACH or PTRACE_TRACEME.</summary>
    Group,

    /// <summary>PTRACE_EVENT_STOP: a seized thread's group-stop, its end, or PTRACE_INTERRUPT.</summary>
    Trap,

    CallEntry,
    CallExit,

    /// <summary>The other PTRACE_EVENT stops, all of them in a system call.</summary>
    Event,

    /// <summary>The first instruction of a handler that is stepped into.</summary>
    Handler,

    /// <summary>PTRACE_EVENT_EXIT: the thread may have been killed already, and stops all the same.</summary>
    Exit,
}
