namespace Cashew.Net;

/// <summary>How far a socket has got.</summary>
internal enum UnixState
{
    Unconnected,
    Listening,
    Connected,
    Closed,
}
