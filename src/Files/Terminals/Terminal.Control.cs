using Cashew.Abi;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Files.Terminals;

/// <content>The ioctls.</content>
/// <source>ioctl_tty(2).</source>
public sealed partial class Terminal
{
    private const int BreakMs = 250;
    private const int DrainPollMs = 2;
    private const int LineDisciplineNumber = 0; // N_TTY, the only one.

    // What settings cannot be changed. Replaced as a whole.
    private TerminalSettings _lockedSettings = TerminalSettings.CreateUnlocked();

    internal IoResult Control(uint command, ulong argument, OpenFile file)
    {
        UserAddress address = new(argument);
        switch (command)
        {
            case IoctlNumbers.TCGETS:
            case IoctlNumbers.TCGETS2:
            case IoctlNumbers.TCGETA:
                return GetSettings(command, address);
            case IoctlNumbers.TCSETS:
            case IoctlNumbers.TCSETSW:
            case IoctlNumbers.TCSETSF:
            case IoctlNumbers.TCSETS2:
            case IoctlNumbers.TCSETSW2:
            case IoctlNumbers.TCSETSF2:
            case IoctlNumbers.TCSETA:
            case IoctlNumbers.TCSETAW:
            case IoctlNumbers.TCSETAF:
                return SetSettings(command, address);
            case IoctlNumbers.TIOCGLCKTRMIOS:
                return UserMemory.TryWrite(address, _lockedSettings.ToTermios()) ? 0 : Errno.EFAULT;
            case IoctlNumbers.TIOCSLCKTRMIOS:
                return LockSettings(address);
            case IoctlNumbers.TIOCGSOFTCAR:
                int isLocal = (Settings.Hardware & TermiosBits.CLOCAL) != 0 ? 1 : 0;
                return UserMemory.TryWrite(address, isLocal) ? 0 : Errno.EFAULT;
            case IoctlNumbers.TIOCSSOFTCAR:
                return SetSoftCarrier(address);
            case IoctlNumbers.TIOCGWINSZ:
                return UserMemory.TryWrite(address, _windowSize) ? 0 : Errno.EFAULT;
            case IoctlNumbers.TIOCSWINSZ:
                return UserMemory.TryRead(address, out Winsize size) ? SetWindowSize(size) : Errno.EFAULT;
            case IoctlNumbers.TIOCGPGRP:
                return GetForeground(address);
            case IoctlNumbers.TIOCSPGRP:
                return SetForeground(address);
            case IoctlNumbers.TIOCGSID:
                return GetSession(address);
            case IoctlNumbers.TIOCSCTTY:
                return BecomeControlling(argument == 1, file.CanRead);
            case IoctlNumbers.TIOCNOTTY:
                return GiveUp();
            case IoctlNumbers.TIOCVHANGUP:
                return HangUpByProgram();
            default:
                return ControlLine(command, argument);
        }
    }

    // What concerns the line itself: flow, queues, exclusive use.
    private IoResult ControlLine(uint command, ulong argument)
    {
        UserAddress address = new(argument);
        switch (command)
        {
            case IoctlNumbers.TCSBRK:
                return SendBreak(argument == 0 ? BreakMs : 0);
            case IoctlNumbers.TCSBRKP:
                return SendBreak(argument == 0 ? BreakMs : (int)System.Math.Min(argument * 100, int.MaxValue));
            case IoctlNumbers.TIOCSBRK:
            case IoctlNumbers.TIOCCBRK:
                return SwitchBreak(command == IoctlNumbers.TIOCSBRK);
            case IoctlNumbers.TIOCMGET:
                if (!_output.Port.HasSignals) return Errno.ENOTTY;
                return UserMemory.TryWrite(address, (int)_output.Port.Signals) ? 0 : Errno.EFAULT;
            case IoctlNumbers.TIOCMSET:
            case IoctlNumbers.TIOCMBIS:
            case IoctlNumbers.TIOCMBIC:
                return SetSignals(command, address);
            case IoctlNumbers.TCXONC:
                return ControlFlow(argument);
            case IoctlNumbers.TCFLSH:
                return Flush(argument);
            case IoctlNumbers.TIOCINQ:
                return UserMemory.TryWrite(address, ReadableBytes) ? 0 : Errno.EFAULT;
            case IoctlNumbers.TIOCOUTQ:
                return UserMemory.TryWrite(address, _output.PendingBytes) ? 0 : Errno.EFAULT;
            case IoctlNumbers.TIOCSTI:
                return TypeByProgram(address);
            case IoctlNumbers.TIOCEXCL:
            case IoctlNumbers.TIOCNXCL:
                _isExclusive = command == IoctlNumbers.TIOCEXCL;
                return 0;
            case IoctlNumbers.TIOCGEXCL:
                return UserMemory.TryWrite(address, _isExclusive ? 1 : 0) ? 0 : Errno.EFAULT;
            case IoctlNumbers.TIOCGETD:
                return UserMemory.TryWrite(address, LineDisciplineNumber) ? 0 : Errno.EFAULT;
            case IoctlNumbers.TIOCSETD:
                if (!UserMemory.TryRead(address, out int discipline)) return Errno.EFAULT;
                return discipline == LineDisciplineNumber ? 0 : Errno.EINVAL;
            case IoctlNumbers.TIOCGPTPEER:
                return Errno.EIO; // only the other side has one
            case IoctlNumbers.TIOCGDEV:
                return UserMemory.TryWrite(address, (uint)Number.Encoded) ? 0 : Errno.EFAULT;
            default:
                return Errno.ENOTTY;
        }
    }

    private int ReadableBytes
    {
        get
        {
            using SleepLock.Guard guard = _lock.Acquire();
            InputBuffer input = _discipline.Input;
            return Settings.ReadsLines ? input.ReadableInLines : input.Count;
        }
    }

    // ---- settings
    // -------------------------------------------------------------------------------------------------

    private IoResult GetSettings(uint command, UserAddress address)
    {
        TerminalSettings settings = Settings;
        bool isWritten = command switch
        {
            IoctlNumbers.TCGETS => UserMemory.TryWrite(address, settings.ToTermios()),
            IoctlNumbers.TCGETS2 => UserMemory.TryWrite(address, settings.ToTermios2()),
            _ => UserMemory.TryWrite(address, settings.ToTermio()),
        };
        return isWritten ? 0 : Errno.EFAULT;
    }

    private IoResult SetSettings(uint command, UserAddress address)
    {
        Errno error = CheckChange();
        if (error != Errno.None) return error;
        if (!TryReadSettings(command, address, out TerminalSettings? settings)) return Errno.EFAULT;

        bool flushes = command is IoctlNumbers.TCSETSF or IoctlNumbers.TCSETSF2 or IoctlNumbers.TCSETAF;
        bool drains = flushes || command is IoctlNumbers.TCSETSW or IoctlNumbers.TCSETSW2 or IoctlNumbers.TCSETAW;
        if (drains && !TryDrain()) return Errno.ERESTARTSYS;
        if (flushes)
        {
            using (_lock.Acquire()) _discipline.FlushInput();
        }

        Change(Settings.Change(settings!, _lockedSettings));
        return 0;
    }

    /// <errors>EPERM: not CAP_SYS_ADMIN. EFAULT.</errors>
    /// <source>ioctl_tty(2), "Locking the termios structure".</source>
    private IoResult LockSettings(UserAddress address)
    {
        if (!JobControl.Installed.CallerHas(Capability.CAP_SYS_ADMIN)) return Errno.EPERM;
        if (!UserMemory.TryRead(address, out Termios marked)) return Errno.EFAULT;
        _lockedSettings = Settings.With(marked);
        return 0;
    }

    /// <summary>CLOCAL: the line is used whether there is a carrier or not.</summary>
    private IoResult SetSoftCarrier(UserAddress address)
    {
        if (!UserMemory.TryRead(address, out int isOn)) return Errno.EFAULT;
        uint others = Settings.Hardware & ~TermiosBits.CLOCAL;
        Change(Settings.WithHardware(isOn != 0 ? others | TermiosBits.CLOCAL : others));
        return 0;
    }

    /// <summary>Behaves otherwise from now on.</summary>
    internal void Change(TerminalSettings settings)
    {
        settings = _output.Port.Fit(settings);
        using (_lock.Acquire())
        {
            _discipline.Change(settings);
            _output.Port.SettingsChanged(settings);
        }

        // What was half a line may be readable bytes now, and stopped output may run.
        WakeAfterInput();
    }

    private bool TryReadSettings(uint command, UserAddress address, out TerminalSettings? settings)
    {
        settings = null;
        switch (command)
        {
            case IoctlNumbers.TCSETS:
            case IoctlNumbers.TCSETSW:
            case IoctlNumbers.TCSETSF:
                if (!UserMemory.TryRead(address, out Termios termios)) return false;
                settings = Settings.With(termios);
                return true;
            case IoctlNumbers.TCSETS2:
            case IoctlNumbers.TCSETSW2:
            case IoctlNumbers.TCSETSF2:
                if (!UserMemory.TryRead(address, out Termios2 termios2)) return false;
                settings = TerminalSettings.From(termios2);
                return true;
            default:
                if (!UserMemory.TryRead(address, out Termio termio)) return false;
                settings = Settings.With(termio);
                return true;
        }
    }

    private IoResult SetWindowSize(in Winsize size)
    {
        using (_lock.Acquire())
        {
            bool isSame = size.ws_row == _windowSize.ws_row && size.ws_col == _windowSize.ws_col
                && size.ws_xpixel == _windowSize.ws_xpixel && size.ws_ypixel == _windowSize.ws_ypixel;
            if (isSame) return 0;
            _windowSize = size;
        }

        Foreground?.SendSignal(Signals.SIGWINCH);
        return 0;
    }

    // ---- flow
    // -----------------------------------------------------------------------------------------------------

    private IoResult SendBreak(int milliseconds)
    {
        Errno error = CheckChange();
        if (error != Errno.None) return error;
        if (!TryDrain()) return Errno.ERESTARTSYS;
        if (milliseconds == 0 || !_output.Port.HasSignals) return 0;

        _output.Port.SetBreak(true);
        Nanoseconds end = Clock.Monotonic + Nanoseconds.FromMilliseconds(milliseconds);
        WakeReason reason = Sleep.For(end, SleepMode.Interruptible);
        _output.Port.SetBreak(false);
        return reason == WakeReason.Interrupted ? Errno.EINTR : 0;
    }

    private IoResult SwitchBreak(bool isOn)
    {
        Errno error = CheckChange();
        if (error != Errno.None) return error;
        _output.Port.SetBreak(isOn);
        return 0;
    }

    private IoResult SetSignals(uint command, UserAddress address)
    {
        if (!_output.Port.HasSignals) return Errno.ENOTTY;
        if (!UserMemory.TryRead(address, out int given)) return Errno.EFAULT;
        LineSignals named = (LineSignals)given;
        using SleepLock.Guard guard = _lock.Acquire();
        LineSignals old = _output.Port.Signals;
        _output.Port.Signals = command switch
        {
            IoctlNumbers.TIOCMBIS => old | named,
            IoctlNumbers.TIOCMBIC => old & ~named,
            _ => named,
        };
        return 0;
    }

    /// <summary>Waits until all output has gone; false when a signal comes first.</summary>
    private bool TryDrain()
    {
        // A port tells when it has room, not when it is empty; so look again from time to time.
        while (_output.PendingBytes > 0)
        {
            Nanoseconds next = Clock.Monotonic + Nanoseconds.FromMilliseconds(DrainPollMs);
            if (Sleep.For(next, SleepMode.Interruptible) == WakeReason.Interrupted) return false;
        }

        return true;
    }

    private IoResult ControlFlow(ulong action)
    {
        Errno error = CheckChange();
        if (error != Errno.None) return error;
        using (_lock.Acquire())
        {
            switch ((int)action)
            {
                case TerminalAction.TCOOFF:
                    _output.StopByProgram();
                    break;
                case TerminalAction.TCOON:
                    if (_output.IsStoppedByProgram) _output.Start();
                    break;
                case TerminalAction.TCIOFF:
                    _output.SendUrgent(Settings.Character(TermiosIndex.VSTOP));
                    break;
                case TerminalAction.TCION:
                    _output.SendUrgent(Settings.Character(TermiosIndex.VSTART));
                    break;
                default:
                    return Errno.EINVAL;
            }
        }

        WakeAfterInput();
        return 0;
    }

    private IoResult Flush(ulong queue)
    {
        Errno error = CheckChange();
        if (error != Errno.None) return error;
        if (queue > TerminalAction.TCIOFLUSH) return Errno.EINVAL;
        using (_lock.Acquire())
        {
            if (queue != TerminalAction.TCOFLUSH) _discipline.FlushInput();
            if (queue != TerminalAction.TCIFLUSH) _output.Discard();
        }

        NotifyInputRoom();
        WakeAfterInput();
        return 0;
    }

    /// <errors>EPERM: not the caller's controlling terminal, and no CAP_SYS_ADMIN.</errors>
    /// <source>ioctl_tty(2), TIOCSTI, as with dev.tty.legacy_tiocsti = 1, Linux 6.12's default.</source>
    private IoResult TypeByProgram(UserAddress address)
    {
        if (!ControlsCaller && !JobControl.Installed.CallerHas(Capability.CAP_SYS_ADMIN)) return Errno.EPERM;
        if (!UserMemory.TryRead(address, out byte typed)) return Errno.EFAULT;
        _ = Receive([typed]); // no room: dropped, as what is typed would be
        return 0;
    }

    private IoResult HangUpByProgram()
    {
        if (!JobControl.Installed.CallerHas(Capability.CAP_SYS_ADMIN)) return Errno.EPERM;
        HangUp();
        return 0;
    }
}
