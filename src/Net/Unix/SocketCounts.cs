using Cashew.Files;

namespace Cashew.Net;

/// <summary>/proc/cashew/sockets: how often circles of files in messages were looked for, and how many
/// messages were
/// given up.</summary>
public static class SocketCounts
{
    public static void Append(ByteBuilder text)
    {
        text.Append("searches "u8).Append(TravelingCircles.SearchCount);
        text.Append("\nlost-messages "u8).Append(TravelingCircles.GivenUpCount).Append((byte)'\n');
    }
}
