using System.Runtime.InteropServices;

namespace Cashew.Abi;

/// <summary>How a timer is to notify; padded to 64 bytes.</summary>
/// <source>sigevent(3type)</source>
[StructLayout(LayoutKind.Sequential, Size = 64)]
public struct SigeventArgument
{
    public ulong sigev_value;
    public int sigev_signo;
    public int sigev_notify;
    public int sigev_notify_thread_id;
}
