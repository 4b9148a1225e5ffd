namespace Cashew.Abi;

/// <summary>Actions of syslog(2).</summary>
/// <source>syslog(2)</source>
public static class SyslogAction
{
    public const int SYSLOG_ACTION_CLOSE = 0;
    public const int SYSLOG_ACTION_OPEN = 1;
    public const int SYSLOG_ACTION_READ = 2;
    public const int SYSLOG_ACTION_READ_ALL = 3;
    public const int SYSLOG_ACTION_READ_CLEAR = 4;
    public const int SYSLOG_ACTION_CLEAR = 5;
    public const int SYSLOG_ACTION_CONSOLE_OFF = 6;
    public const int SYSLOG_ACTION_CONSOLE_ON = 7;
    public const int SYSLOG_ACTION_CONSOLE_LEVEL = 8;
    public const int SYSLOG_ACTION_SIZE_UNREAD = 9;
    public const int SYSLOG_ACTION_SIZE_BUFFER = 10;
}
