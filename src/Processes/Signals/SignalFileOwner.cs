using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>A thread, process or group that is told what happens to a file.</summary>
/// <source>fcntl(2), F_SETOWN_EX.</source>
public sealed class SignalFileOwner : FileOwner
{
    private readonly Pid _pid;
    private readonly int _kind;
    private readonly Credentials _chooser;

    private SignalFileOwner(Pid pid, int kind, Credentials chooser)
    {
        _pid = pid;
        _kind = kind;
        _chooser = chooser;
    }

    /// <param name="kind">One of F_OWNER_*.</param>
    /// <param name="id">0 for nobody.</param>
    /// <errors>EINVAL: an unknown kind, or no number. ESRCH: nobody there.</errors>
    public static bool TryFind(UserThread caller, int kind, int id, out FileOwner? owner, out Errno error)
    {
        owner = null;
        error = Errno.EINVAL;
        if (kind is not (FcntlCommand.F_OWNER_TID or FcntlCommand.F_OWNER_PID or FcntlCommand.F_OWNER_PGRP)) return false;
        error = Errno.None;
        if (id == 0) return true;
        error = Errno.ESRCH;
        if (id < 0 || PidTable.Find(id) is not { } pid) return false;
        SignalFileOwner found = new(pid, kind, caller.Credentials);
        if (!found.IsThere) return false;
        owner = found;
        error = Errno.None;
        return true;
    }

    public override FOwnerEx Describe() => new() { type = _kind, pid = IsThere ? _pid.Number : 0 };

    public override void DescribeChooser(out uint uid, out uint euid)
    {
        uid = _chooser.Uid;
        euid = _chooser.Euid;
    }

    public override void Send(int signal, int fd, int code, uint band)
    {
        Tell(signal == 0
            ? SignalInfo.FromKernel(Signals.SIGIO)
            : new SignalInfo { Number = signal, Code = code, Word0 = band, Word1 = (uint)fd });
    }

    public override void SendUrgent() => Tell(SignalInfo.FromKernel(Signals.SIGURG));

    private void Tell(in SignalInfo info)
    {
        if (_kind == FcntlCommand.F_OWNER_PGRP)
        {
            foreach (Process? member in Members()) SendTo(member, info);
        }
        else if (_kind == FcntlCommand.F_OWNER_PID)
        {
            SendTo(_pid.Process, info);
        }
        else if (_pid.Thread is { } thread && MayTell(thread.Process))
        {
            SignalSender.Send(thread, new SignalEntry(info));
        }
    }

    private bool IsThere => _kind switch
    {
        FcntlCommand.F_OWNER_TID => _pid.Thread is not null,
        FcntlCommand.F_OWNER_PID => _pid.Process is not null,
        _ => _pid.Group is not null,
    };

    private void SendTo(Process? process, in SignalInfo info)
    {
        if (process is not null && MayTell(process)) SignalSender.Send(process, new SignalEntry(info));
    }

    // Listed first: signals with a siginfo are made one by one, and not under a spin lock. Who joins
    // meanwhile is too late.
    private Process?[] Members()
    {
        int count = 0;
        using (ProcessTree.Lock.Acquire())
        {
            for (Process? member = _pid.Group?.FirstMember; member is not null; member = member.NextInGroup) count++;
        }

        Process?[] members = new Process?[count];
        using (ProcessTree.Lock.Acquire())
        {
            Process? member = _pid.Group?.FirstMember;
            for (int i = 0; i < count && member is not null; i++, member = member.NextInGroup) members[i] = member;
        }

        return members;
    }

    // By the identity of whoever chose the owner, at that time.
    private bool MayTell(Process target)
    {
        Credentials other = target.Credentials;
        return _chooser.Euid == 0 || _chooser.Euid == other.Suid || _chooser.Euid == other.Uid
            || _chooser.Uid == other.Suid || _chooser.Uid == other.Uid;
    }
}
