using System;
using System.Runtime.InteropServices;
using System.Threading;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>Signals that are read instead of handled. Whoever reads gets its own: those of the thread and of
/// its process.
/// </summary>
/// <source>signalfd(2).</source>
/// <remarks>Who waits for one waits for the signals of the process it polls in: an epoll that goes to
/// another process by fork or exec
/// goes on hearing of the first one's, as the page's BUGS says.</remarks>
public sealed class SignalFile : OpenFile
{
    private const int InfoBytes = 128;
    private const int MaskColumns = 16;

    private ulong _wanted;

    public SignalFile(SignalSet wanted, uint flags)
        : base(AnonymousFilesystem.AddUser(), default, OpenBits.O_RDWR | (flags & OpenBits.O_NONBLOCK))
    {
        Wanted = wanted;
    }

    /// <summary>What it reads. SIGKILL and SIGSTOP are silently left out.</summary>
    public SignalSet Wanted
    {
        get => new(Volatile.Read(ref _wanted));
        set => Volatile.Write(ref _wanted, value.Without(SignalSet.Unblockable).Bits);
    }

    public override bool HasReadiness => true;

    /// <errors>EINVAL: no room for one. EAGAIN: none is pending. EFAULT: what was taken is lost, as on
    /// Linux.</errors>
    protected override IoResult ReadCore(ref UserDestination destination, long offset)
    {
        if (destination.RemainingBytes < InfoBytes) return Errno.EINVAL;

        UserThread caller = UserThread.Current;
        Span<byte> bytes = stackalloc byte[InfoBytes];
        int total = 0;
        while (destination.RemainingBytes >= InfoBytes && SignalWait.TryTake(caller, Wanted, out SignalInfo info))
        {
            SignalfdSiginfo told = Describe(info);
            MemoryMarshal.Write(bytes, in told);
            if (destination.Write(bytes) < InfoBytes) return total > 0 ? total : Errno.EFAULT;
            total += InfoBytes;
        }

        return total > 0 ? total : Errno.EAGAIN;
    }

    public override uint Poll(PollTable? table)
    {
        UserThread caller = UserThread.Current;
        if (table is not null) table.Add(caller.Process.SignalState.GetArrivals(), PollBits.POLLIN);
        return (PendingSignals.Of(caller) & Wanted).IsEmpty ? 0 : PollBits.POLLIN;
    }

    public override void AppendName(ByteBuilder text, PathLocation root)
        => text.Append("anon_inode:[signalfd]"u8);

    public override IoResult Seek(long distance, int origin) => 0;

    /// <source>proc_pid_fdinfo(5).</source>
    public override bool AppendDetails(ByteBuilder text, ref long position)
    {
        text.Append("sigmask:	"u8).AppendHex(Wanted.Bits, MaskColumns).Append((byte)'\n');
        return false;
    }

    /// <summary>The same facts as siginfo_t has, each with a place of its own.</summary>
    /// <source>signalfd(2), "The signalfd_siginfo structure"; sigaction(2) for what there is to which signal
    /// and code.
    /// </source>
    private static SignalfdSiginfo Describe(in SignalInfo info)
    {
        SignalfdSiginfo told = new()
        {
            ssi_signo = (uint)info.Number,
            ssi_errno = info.ErrorNumber,
            ssi_code = info.Code,
        };
        uint low = (uint)info.Word0;
        uint high = (uint)(info.Word0 >> 32);
        bool isOfKernel = info.Code is > 0 and < SigInfoCode.SI_KERNEL;
        if (isOfKernel && SignalDefaults.Synchronous.Contains(info.Number))
        {
            told.ssi_addr = info.Word0;
        }
        else if (info.Code == SigInfoCode.SI_SIGIO || (isOfKernel && info.Number == Signals.SIGIO))
        {
            told.ssi_band = low;
            told.ssi_fd = (int)info.Word1;
        }
        else if (info.Code == SigInfoCode.SI_TIMER)
        {
            told.ssi_tid = low;
            told.ssi_overrun = high;
            told.ssi_ptr = info.Word1;
            told.ssi_int = (int)info.Word1;
        }
        else
        {
            told.ssi_pid = low;
            told.ssi_uid = high;
            if (isOfKernel && info.Number == Signals.SIGCHLD)
            {
                told.ssi_status = (int)info.Word1;
                told.ssi_utime = info.Word2;
                told.ssi_stime = info.Word3;
            }
            else if (info.Code < 0 && info.Code != SigInfoCode.SI_TKILL)
            {
                told.ssi_ptr = info.Word1;
                told.ssi_int = (int)info.Word1;
            }
        }

        return told;
    }
}
