using System.Runtime.InteropServices;

namespace Cashew.Abi;

/// <summary>Events and the program's cookie; packed on x86-64.</summary>
/// <source>epoll_event(3type)</source>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
public struct EpollEvent
{
    public uint events;
    public ulong data;
}
