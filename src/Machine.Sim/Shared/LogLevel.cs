namespace Cashew.Machine;

/// <summary>How urgent a message is.</summary>
/// <source>syslog(2).</source>
public enum LogLevel
{
    Emergency = 0,
    Alert = 1,
    Critical = 2,
    Error = 3,
    Warning = 4,
    Notice = 5,
    Info = 6,
    Debug = 7,
}
