using System.Runtime.InteropServices;

namespace Cashew.Abi;

/// <summary>The head of an inotify event; its name follows.</summary>
/// <source>inotify(7)</source>
[StructLayout(LayoutKind.Sequential)]
public struct InotifyEvent
{
    public int wd;
    public uint mask;
    public uint cookie;
    public uint len;
}
