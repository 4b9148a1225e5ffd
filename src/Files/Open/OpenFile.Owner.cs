using System.Threading;
using Cashew.Abi;

namespace Cashew.Files;

/// <content>Who is told by signals what happens to the file.</content>
/// <source>fcntl(2), F_SETOWN, F_SETSIG, O_ASYNC.</source>
public abstract partial class OpenFile
{
    /// <summary>Whether the file can signal its owner, for which it needs <see cref="HasReadiness"/>, and
    /// wakes its queues outside of spin locks.</summary>
    public virtual bool KnowsOwner => false;

    public FileOwner? Owner => AttachmentsOrNone?.Owner;

    /// <summary>What F_SETSIG chose; 0 for SIGIO.</summary>
    public int OwnerSignal => AttachmentsOrNone?.OwnerSignal ?? 0;

    public void SetOwner(FileOwner? owner)
    {
        if (owner is not null || AttachmentsOrNone is not null) Attachments.Owner = owner;
    }

    public void SetOwnerSignal(int signal) => Attachments.OwnerSignal = signal;

    /// <summary>Begins or ends to tell the owner (O_ASYNC).</summary>
    /// <param name="fd">What the signals call the file.</param>
    /// <errors>ENOTTY: it knows no owner.</errors>
    public Errno SetAsynchronous(bool isOn, int fd)
    {
        if (((StatusFlags & OpenBits.O_ASYNC) != 0) == isOn) return Errno.None;
        if (!KnowsOwner) return Errno.ENOTTY;
        OwnerNotice? notice = isOn ? new OwnerNotice(Attachments, fd) : null;
        Interlocked.Exchange(ref Attachments.Notice, notice)?.LeaveQueues();
        if (notice is null)
        {
            _ = Interlocked.And(ref _flags, ~OpenBits.O_ASYNC);
            return Errno.None;
        }

        _ = Interlocked.Or(ref _flags, OpenBits.O_ASYNC);
        _ = Poll(notice);
        return Errno.None;
    }
}
