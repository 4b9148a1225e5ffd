namespace Cashew.Abi;

/// <summary>Flags of pidfd_open(2).</summary>
/// <source>pidfd_open(2)</source>
public static class PidfdBits
{
    public const uint PIDFD_NONBLOCK = OpenBits.O_NONBLOCK;
}
