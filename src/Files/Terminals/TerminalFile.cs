using Cashew.Abi;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Files.Terminals;

/// <summary>An open terminal.</summary>
public sealed class TerminalFile : OpenFile
{
    internal const uint HungUpEvents = PollBits.POLLIN | PollBits.POLLRDNORM | PollBits.POLLOUT | PollBits.POLLWRNORM
        | PollBits.POLLERR | PollBits.POLLHUP;

    private readonly bool _isConsole;
    private int _hangUpsAtOpen;

    /// <param name="isConsole">Opened as /dev/console, which works whatever happens to the terminal behind
    /// it.</param>
    internal TerminalFile(Terminal terminal, Inode inode, in OpenRequest request, bool isConsole)
        : base(inode, request.Location, request.Flags)
    {
        _isConsole = isConsole;
        Terminal = terminal;
        _hangUpsAtOpen = terminal.HangUps;
    }

    public Terminal Terminal { get; }

    public override bool WritesInPieces => true;

    /// <summary>The other side was closed while the file was being opened: it begins dead.</summary>
    internal void BeginHungUp() => _hangUpsAtOpen = -1;

    private bool IsHungUp => Terminal.HangUps != _hangUpsAtOpen && !_isConsole;

    protected override IoResult ReadCore(ref UserDestination destination, long offset)
    {
        int requested = destination.RemainingBytes;
        if (IsHungUp || requested == 0) return 0;
        Errno error = Terminal.CheckRead();
        if (error != Errno.None) return error;

        int minimum = Terminal.ReadMinimum(requested);
        if (IsNonBlocking && minimum > 1) minimum = 1;
        return Terminal.Read(ref destination, minimum);
    }

    // The timer of VTIME has run out or a signal has come: what is there is the answer, and with VMIN at zero
    // nothing is one as well, once the time is up.
    protected internal override IoResult ReadAvailable(ref UserDestination destination, WakeReason reason)
    {
        if (IsHungUp) return 0;
        if (Terminal.Settings.IsCanonical) return Errno.EAGAIN;
        return Terminal.Read(ref destination, reason == WakeReason.TimedOut && Terminal.MayReadNothing ? 0 : 1);
    }

    /// <errors>EIO: the other side was closed during the wait. Who comes later reads the end of the file, as
    /// after any hang-up.</errors>
    public override IoResult ReadWaiting(ref UserDestination destination)
    {
        IoResult result = base.ReadWaiting(ref destination);
        bool isEnd = !result.IsError && result.Count == 0;
        return isEnd && IsHungUp && Terminal.IsPortGone ? Errno.EIO : result;
    }

    protected override IoResult WriteCore(ref UserSource source, ref long offset, long limitBytes)
    {
        if (IsHungUp) return Errno.EIO;
        Errno error = Terminal.CheckWrite();
        return error != Errno.None ? error : Terminal.Write(ref source);
    }

    public override bool HasReadiness => true;
    public override bool KnowsOwner => true;

    public override uint Poll(PollTable? table)
    {
        uint events = Terminal.Poll(table);
        return IsHungUp ? HungUpEvents : events;
    }

    protected internal override bool IsReadReady(PollTable? table, ref ReadWait wait)
        => Terminal.IsReadReady(table, ref wait) || IsHungUp;

    public override IoResult Control(uint command, ulong argument)
    {
        if (IsHungUp) return command == IoctlNumbers.TIOCSPGRP ? Errno.ENOTTY : Errno.EIO;
        return Terminal.Control(command, argument, this);
    }

    protected override void Closed() => Terminal.RemoveUser();
}
