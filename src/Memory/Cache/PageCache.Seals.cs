using System.Threading;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Memory;

/// <content>Seals.</content>
/// <locking>
/// Set under the contents lock, which whatever changes the file holds, too. A mapping is announced before it
/// reads them and found after they were set, so one of the two sees the other.
/// </locking>
public partial class PageCache
{
    private int _seals;

    /// <summary>None for a file that cannot be sealed; see <see cref="StartSealed"/>.</summary>
    public override FileSeals Seals => (FileSeals)Volatile.Read(ref _seals);

    /// <summary>The seals a file begins with, before anybody else sees it.</summary>
    public void StartSealed(FileSeals seals) => _seals = (int)seals;

    /// <errors>EPERM: the file takes no more seals. EBUSY: writing, and somebody has it mapped for
    /// that.</errors>
    /// <source>fcntl(2), F_ADD_SEALS.</source>
    public Errno AddSeals(FileSeals added)
    {
        using SleepLock.Guard guard = _contents.Acquire();
        FileSeals before = Seals;
        if ((before & FileSeals.Seal) != 0) return Errno.EPERM;

        _ = Interlocked.Exchange(ref _seals, (int)(before | added));
        if ((added & ~before & FileSeals.Write) == 0 || !MayBeWrittenByMappings) return Errno.None;

        _ = Interlocked.Exchange(ref _seals, (int)before);
        return Errno.EBUSY;
    }

    /// <summary>Cuts off what a write may not add: whole pages fit or do not, as Linux writes them.</summary>
    /// <errors>EPERM: nothing is left.</errors>
    private Errno CheckWrite(long offset, ref UserSource source)
    {
        FileSeals seals = Seals;
        if (seals <= FileSeals.Seal || source.RemainingBytes == 0) return Errno.None;
        if ((seals & (FileSeals.Write | FileSeals.FutureWrite)) != 0) return Errno.EPERM;
        if ((seals & FileSeals.Grow) == 0 || offset + source.RemainingBytes <= _lengthBytes) return Errno.None;

        long end = _lengthBytes - _lengthBytes % PageBytes;
        if (end <= offset) return Errno.EPERM;
        source.Truncate((int)(end - offset));
        return Errno.None;
    }

    private Errno CheckLength(long lengthBytes)
    {
        FileSeals seals = Seals;
        bool isRefused = lengthBytes < _lengthBytes
            ? (seals & FileSeals.Shrink) != 0
            : lengthBytes > _lengthBytes && (seals & FileSeals.Grow) != 0;
        return isRefused ? Errno.EPERM : Errno.None;
    }
}
