using System.Threading;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Files.Terminals;

/// <content>Sessions, groups, and who may use the terminal.</content>
public sealed partial class Terminal
{
    // Both under TerminalSession.TerminalsLock.
    private TerminalSession? _session;
    private TerminalGroup? _foreground;

    /// <summary>The session that it controls.</summary>
    public TerminalSession? Session => Volatile.Read(ref _session);

    /// <summary>The group that gets the signals and may read.</summary>
    public TerminalGroup? Foreground => Volatile.Read(ref _foreground);

    private bool ControlsCaller
    {
        get
        {
            TerminalSession? session = Session;
            JobControl jobs = JobControl.Installed;
            return session is not null && ReferenceEquals(jobs.CallerSession, session) && !jobs.CallerHasNoTerminal;
        }
    }

    // ---- opening and closing
    // ----------------------------------------------------------------------------------------

    /// <errors>EBUSY: somebody uses it alone (TIOCEXCL).</errors>
    internal Errno AddUser()
    {
        using SleepLock.Guard guard = _lock.Acquire();
        if (_isExclusive && _openCount > 0 && !JobControl.Installed.CallerHas(Capability.CAP_SYS_ADMIN)) return Errno.EBUSY;
        _openCount++;
        _isWithoutUsers = false;
        _output.Port.UsersChanged(_openCount);
        return Errno.None;
    }

    internal void RemoveUser()
    {
        using SleepLock.Guard guard = _lock.Acquire();
        _output.Port.UsersChanged(--_openCount);
        if (_openCount > 0 || _output.Port.OutlivesUsers) return;

        // Nobody is left who could start it again, or wants what was typed.
        _isExclusive = false;
        _output.Start();
        _discipline.FlushInput();
    }

    /// <summary>The first terminal that a session leader without one opens becomes the session's, unless
    /// O_NOCTTY.</summary>
    internal void OfferAsControlling()
    {
        JobControl jobs = JobControl.Installed;
        if (!jobs.CallerIsSessionLeader || jobs.CallerSession is not TerminalSession session) return;

        TerminalGroup? group = jobs.CallerGroup;
        using SpinLock.Guard guard = TerminalSession.TerminalsLock.Acquire();
        if (session.Terminal is null && _session is null) AttachLocked(session, group);
    }

    // ---- the controlling terminal
    // -----------------------------------------------------------------------------------

    /// <summary>TIOCSCTTY.</summary>
    /// <errors>EPERM: the caller leads no session or has a terminal; another session has this one, and the
    /// caller does not take it by force (argument 1 and CAP_SYS_ADMIN); it may not read it.</errors>
    /// <source>ioctl_tty(2).</source>
    internal Errno BecomeControlling(bool byForce, bool canRead)
    {
        JobControl jobs = JobControl.Installed;
        bool isAdministrator = jobs.CallerHas(Capability.CAP_SYS_ADMIN);
        bool isLeader = jobs.CallerIsSessionLeader;
        TerminalGroup? group = jobs.CallerGroup;
        if (jobs.CallerSession is not TerminalSession session) return Errno.EPERM;

        using SpinLock.Guard guard = TerminalSession.TerminalsLock.Acquire();
        if (isLeader && ReferenceEquals(session, _session)) return Errno.None;
        if (!isLeader || session.Terminal is not null) return Errno.EPERM;
        if (_session is not null)
        {
            if (!byForce || !isAdministrator) return Errno.EPERM;
            _session.Terminal = null;
        }

        if (!canRead && !isAdministrator) return Errno.EPERM;
        AttachLocked(session, group);
        return Errno.None;
    }

    /// <summary>TIOCNOTTY.</summary>
    /// <errors>ENOTTY: it is not the caller's controlling terminal.</errors>
    /// <source>ioctl_tty(2): a leader gives it up for the whole session, anybody else for itself.</source>
    internal Errno GiveUp()
    {
        if (!ControlsCaller) return Errno.ENOTTY;
        if (JobControl.Installed.CallerIsSessionLeader) JobControl.Installed.CallerSession!.Disassociate();
        else JobControl.Installed.GiveUpTerminal();
        return Errno.None;
    }

    /// <summary>No session any more; returns the group that was in the foreground.</summary>
    internal TerminalGroup? ReleaseSessionLocked()
    {
        TerminalGroup? foreground = _foreground;
        Volatile.Write(ref _session, null);
        Volatile.Write(ref _foreground, null);
        return foreground;
    }

    /// <summary>The line is gone: everybody who has it open sees the end, and the session's leader is
    /// told.</summary>
    /// <source>vhangup(2), termios(3).</source>
    public void HangUp()
    {
        using (_lock.Acquire()) _output.Discard();
        BreakOff();
    }

    /// <summary>The same, but what is still on its way out is sent: those are the last words of a
    /// leader.</summary>
    internal void BreakOff()
    {
        _ = Interlocked.Increment(ref _hangUps);
        using (_lock.Acquire())
        {
            _output.Start();
            _discipline.FlushInput();
            if (!IsLine) _discipline.Change(_output.Port.CreateSettings());
            _isWithoutUsers = !IsLine;
        }

        Session?.LoseTerminal();
        _readQueue.WakeAll();
        _writeQueue.WakeAll();
    }

    private void AttachLocked(TerminalSession session, TerminalGroup? foreground)
    {
        session.Terminal = this;
        Volatile.Write(ref _session, session);
        Volatile.Write(ref _foreground, foreground);
    }

    // ---- background processes
    // ---------------------------------------------------------------------------------------

    /// <summary>Stops a background process that reads.</summary>
    /// <errors>EIO: it ignores the signal, or nobody could continue it. ERESTARTSYS: the signal is on its
    /// way.</errors>
    /// <source>termios(3); setpgid(2).</source>
    internal Errno CheckRead()
    {
        Errno error = CheckForeground(Signals.SIGTTIN, out bool isIgnored);
        return isIgnored ? Errno.EIO : error;
    }

    /// <summary>Stops a background process that writes, if the terminal is set so.</summary>
    internal Errno CheckWrite() => Settings.HasLocal(TermiosBits.TOSTOP) ? CheckChange() : Errno.None;

    /// <summary>Stops a background process that changes something. One that ignores the signal may.</summary>
    internal Errno CheckChange()
    {
        Errno error = CheckForeground(Signals.SIGTTOU, out bool isIgnored);
        return isIgnored ? Errno.None : error;
    }

    private Errno CheckForeground(int signal, out bool isIgnored)
    {
        isIgnored = false;
        if (!ControlsCaller) return Errno.None;
        JobControl jobs = JobControl.Installed;
        TerminalGroup? foreground = Foreground;
        TerminalGroup? group = jobs.CallerGroup;
        if (foreground is null || group is null || ReferenceEquals(foreground, group)) return Errno.None;

        isIgnored = jobs.CallerIgnoresOrBlocks(signal);
        if (isIgnored) return Errno.None;
        if (group.IsOrphaned) return Errno.EIO;
        group.SendSignal(signal);
        return Errno.ERESTARTSYS;
    }

    // ---- the foreground group
    // ---------------------------------------------------------------------------------------

    /// <errors>ENOTTY: not the caller's controlling terminal.</errors>
    internal IoResult GetForeground(UserAddress destination)
    {
        if (!ControlsCaller) return Errno.ENOTTY;
        return UserMemory.TryWrite(destination, Foreground?.Id ?? 0) ? 0 : Errno.EFAULT;
    }

    /// <errors>ENOTTY. EINVAL: negative. ESRCH: there is no such group. EPERM: of another session.</errors>
    /// <source>ioctl_tty(2), TIOCSPGRP; tcsetpgrp(3).</source>
    internal IoResult SetForeground(UserAddress source)
    {
        Errno error = CheckChange();
        if (error == Errno.EIO) return Errno.ENOTTY;
        if (error != Errno.None) return error;
        if (!ControlsCaller) return Errno.ENOTTY;
        if (!UserMemory.TryRead(source, out int id)) return Errno.EFAULT;
        if (id < 0) return Errno.EINVAL;
        if (!JobControl.Installed.TryFindGroup(id, out TerminalGroup? group)) return Errno.ESRCH;
        if (!ReferenceEquals(group.Session, JobControl.Installed.CallerSession)) return Errno.EPERM;

        using SpinLock.Guard guard = TerminalSession.TerminalsLock.Acquire();
        if (!ReferenceEquals(_session, group.Session)) return Errno.ENOTTY;
        Volatile.Write(ref _foreground, group);
        return 0;
    }

    internal IoResult GetSession(UserAddress destination)
    {
        if (!ControlsCaller) return Errno.ENOTTY;
        return UserMemory.TryWrite(destination, Session?.Id ?? 0) ? 0 : Errno.EFAULT;
    }
}
