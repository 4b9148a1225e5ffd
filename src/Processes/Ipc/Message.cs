namespace Cashew.Processes;

/// <summary>One message of a queue.</summary>
internal sealed class Message(long type, byte[] text)
{
    internal Message? Next;

    internal long Type { get; } = type;

    internal byte[] Text { get; } = text;
}
