using Cashew.Tasks;

namespace Cashew.Files;

/// <summary>Whoever wants to hear of changes gives one to <see cref="OpenFile.Poll"/>, and the file adds it
/// to its queues. That is the one readiness mechanism: poll, select, blocking calls and, with entries that
/// stay, epoll.</summary>
public abstract class PollTable
{
    /// <param name="interest">The events (as poll(2) has them) that this queue tells of and the file is asked
    /// for.</param>
    public abstract void Add(WaitQueue queue, uint interest);
}
