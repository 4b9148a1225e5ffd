using System;

namespace Cashew.Net;

/// <summary>Which ends of a socket are closed for good.</summary>
/// <source>shutdown(2).</source>
[Flags]
public enum ShutdownEnds
{
    None = 0,
    Receive = 1,
    Send = 2,
    Both = Receive | Send,
}
