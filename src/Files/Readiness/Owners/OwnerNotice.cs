using System.Threading;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Files;

/// <summary>Stays on a file's queues, and sends its owner a signal when something happens there
/// (O_ASYNC).</summary>
/// <remarks>The signal is sent by whoever made it happen, after the queue's lock. What an interrupt does is
/// not told: files that have owners hear of their input from threads.</remarks>
internal sealed class OwnerNotice(FileAttachments attachments, int fd) : PollTable
{
    private const uint Ends = PollBits.POLLHUP | PollBits.POLLERR | PollBits.POLLRDHUP;
    private const uint Output = PollBits.POLLOUT | PollBits.POLLWRNORM | PollBits.POLLWRBAND;
    private const uint Input = PollBits.POLLIN | PollBits.POLLRDNORM;

    private readonly FileAttachments _attachments = attachments;
    private readonly int _fd = fd;
    private Entry? _entries;
    private Relay? _relay;
    private uint _heard;

    public override void Add(WaitQueue queue, uint interest)
    {
        _relay ??= new Relay(this);
        Entry entry = new(this, queue, _entries) { Interest = interest };
        _entries = entry;
        queue.Add(entry);
    }

    internal void LeaveQueues()
    {
        for (Entry? entry = _entries; entry is not null; entry = entry.NextEntry) entry.AddedTo.Remove(entry);
        _entries = null;
    }

    private void Hear(uint events)
    {
        if (Cpu.IsInInterrupt) return;
        _ = Interlocked.Or(ref _heard, events == 0 ? Input : events);
        _relay!.Ask();
    }

    private void Tell()
    {
        uint heard = Interlocked.Exchange(ref _heard, 0);
        if (heard == 0 || _attachments.Owner is not FileOwner owner) return;
        int signal = _attachments.OwnerSignal;
        if ((heard & Input) != 0) owner.Send(signal, _fd, SigInfoCode.POLL_IN, Input);
        if ((heard & Output) != 0) owner.Send(signal, _fd, SigInfoCode.POLL_OUT, Output);
        if ((heard & Ends) != 0) owner.Send(signal, _fd, SigInfoCode.POLL_HUP, PollBits.POLLHUP | PollBits.POLLERR);
    }

    private sealed class Entry(OwnerNotice notice, WaitQueue queue, Entry? next) : WaitEntry
    {
        internal WaitQueue AddedTo { get; } = queue;
        internal Entry? NextEntry { get; } = next;

        public override bool OnWake(uint events)
        {
            notice.Hear(events & Interest);
            return false;
        }
    }

    private sealed class Relay(OwnerNotice notice) : WakeRelay
    {
        public override void PassOn() => notice.Tell();
    }
}
