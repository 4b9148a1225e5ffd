using Cashew.Machine;

namespace Cashew.Memory;

/// <summary>Where exec has put the parts of the program, for /proc/PID/stat, cmdline and environ, and for
/// brk's limit.</summary>
/// <source>proc_pid_stat(5), prctl(2) PR_SET_MM.</source>
public struct ProgramAreas
{
    public UserAddress CodeStart;
    public UserAddress CodeEnd;
    public UserAddress DataStart;
    public UserAddress DataEnd;
    public UserAddress StackStart;
    public UserAddress ArgumentsStart;
    public UserAddress ArgumentsEnd;
    public UserAddress EnvironmentStart;
    public UserAddress EnvironmentEnd;
}
