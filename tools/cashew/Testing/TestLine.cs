namespace Cashew.Tool.Testing;

using System;

/// <summary>One line that a test runner inside the guest writes to the second serial line.</summary>
internal readonly record struct TestLine(TestEvent Event, string Name, string Text)
{
    private const string Prefix = "TEST ";

    /// <summary>
    /// Reads <c>TEST begin NAME</c>, <c>TEST data NAME: HEXADECIMAL</c>, <c>TEST ok NAME</c>,
    /// <c>TEST fail NAME: why</c>, <c>TEST end</c>.
    /// False for everything else, such as /init's own word.
    /// </summary>
    internal static bool TryParse(string line, out TestLine parsed)
    {
        parsed = default;
        if (!line.StartsWith(Prefix, StringComparison.Ordinal))
            return false;
        string[] words = line[Prefix.Length..].Split(' ', 2);
        string rest = words.Length > 1 ? words[1] : "";
        switch (words[0])
        {
            case "end" or "end:": // The runner adds its own count, which ours does not need.
                parsed = new TestLine(TestEvent.End, "", "");
                return true;
            case "begin" when rest.Length > 0:
                parsed = new TestLine(TestEvent.Begin, rest, "");
                return true;
            case "ok" when rest.Length > 0:
                parsed = new TestLine(TestEvent.Passed, rest, "");
                return true;
            case "fail" when rest.Length > 0:
                parsed = WithText(TestEvent.Failed, rest);
                return true;
            case "data" when rest.Length > 0:
                parsed = WithText(TestEvent.Data, rest);
                return true;
            default:
                return false;
        }
    }

    private static TestLine WithText(TestEvent happened, string rest)
    {
        int colon = rest.IndexOf(": ", StringComparison.Ordinal);
        return colon < 0
            ? new TestLine(happened, rest.TrimEnd(':'), "")
            : new TestLine(happened, rest[..colon], rest[(colon + 2)..]);
    }
}
