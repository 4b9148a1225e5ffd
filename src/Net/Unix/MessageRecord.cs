using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Net;

/// <summary>What is known of a run of bytes in a queue beside the bytes: one message, or, in a stream, all
/// that came
/// from one sender with no files.</summary>
/// <locking>The queue's.</locking>
internal sealed class MessageRecord
{
    internal MessageRecord? Next;

    internal int LengthBytes;

    /// <summary>Who it is from; none if neither end wanted to know when it was sent.</summary>
    internal Ucred? Credentials;

    internal FilePackage? Files;

    /// <summary>The byte of MSG_OOB, and a mark where it is. Had already, or not.</summary>
    internal bool IsUrgent;
    internal bool IsTaken;

    internal bool IsMark => IsUrgent || IsTaken;

    /// <summary>When it was sent; zero if the receiver did not want to know.</summary>
    internal Nanoseconds SentAt;

    /// <summary>The sender's name at the time.</summary>
    internal UnixName? SenderName;

    /// <summary>Whose send buffer it counts against until it is read, and how much. Streams count their
    /// queue's
    /// length instead.</summary>
    internal UnixSocket? Sender;
    internal int ChargeBytes;

    internal void Clear()
    {
        Next = null;
        LengthBytes = 0;
        Credentials = null;
        Files = null;
        IsUrgent = false;
        IsTaken = false;
        SenderName = null;
        SentAt = default;
        Sender = null;
        ChargeBytes = 0;
    }
}
