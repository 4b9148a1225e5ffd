using System.Runtime.InteropServices;

namespace Cashew.Abi;

/// <summary>A descriptor and the events asked for and found.</summary>
/// <source>poll(2)</source>
[StructLayout(LayoutKind.Sequential)]
public struct PollFd
{
    public int fd;
    public short events;
    public short revents;
}
