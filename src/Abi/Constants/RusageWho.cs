namespace Cashew.Abi;

/// <summary>Whom getrusage(2) is about.</summary>
/// <source>getrusage(2)</source>
public static class RusageWho
{
    public const int RUSAGE_SELF = 0;
    public const int RUSAGE_CHILDREN = -1;
    public const int RUSAGE_THREAD = 1;
}
