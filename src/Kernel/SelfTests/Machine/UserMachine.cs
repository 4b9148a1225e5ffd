using System;
using Cashew.Machine;

namespace Cashew.Kernel.SelfTests.Machine;

/// <summary>
/// Runs a user program in an address space of its own until it makes system call 0x77 or faults, on a thread
/// of its own, and reports what the kernel saw.
/// </summary>
internal sealed class UserMachine : KernelEntry
{
    internal const ulong CodeAddress = 0x40_0000;
    internal const ulong DataAddress = 0x50_0000;
    internal const ulong FaultAddress = 0x60_0000;
    internal const ulong StackAddress = 0x70_0000;

    private const ulong ExitCall = 0x77;

    private readonly PageTable _table;
    private readonly ThreadContext _main;
    private ThreadContext? _user;

    private UserMachine(PageTable table, ThreadContext main)
    {
        _table = table;
        _main = main;
    }

    internal UserRegisters Exit { get; private set; }

    internal ulong ExceptionVectorNumber { get; private set; }

    internal UserAddress FaultedAt { get; private set; }

    internal FaultAccess FaultedAccess { get; private set; }

    internal int SystemCalls { get; private set; }

    internal int TimerExpirations { get; private set; }

    /// <summary>Registers at the first system call.</summary>
    internal UserRegisters First { get; private set; }

    /// <summary>Handles faults at FaultAddress by mapping a page.</summary>
    internal bool MapsOnFault { get; init; }

    /// <summary>Sets the alarm before the program starts, and ends it at the next return to user mode after
    /// the alarm.</summary>
    internal bool EndsByTimer { get; init; }

    internal static UserMachine? Create(ThreadContext main, bool mapsOnFault = false, bool endsByTimer = false) =>
        PageTable.TryCreate(out PageTable? table)
            ? new UserMachine(table, main) { MapsOnFault = mapsOnFault, EndsByTimer = endsByTimer }
            : null;

    /// <summary>False when there was no memory.</summary>
    internal bool Run(ReadOnlySpan<byte> code)
    {
        if (!TryMapPage(CodeAddress, PageRights.Read | PageRights.Execute, code)
            || !TryMapPage(DataAddress, PageRights.Read | PageRights.Write, default)
            || !TryMapPage(StackAddress, PageRights.Read | PageRights.Write, default)
            || !ThreadContext.TryCreate(new Body(this), out _user))
        {
            return false;
        }

        Install(this);
        _table.Activate();
        _user.User.Rip = CodeAddress;
        _user.User.Rsp = StackAddress + UserAddress.PageSizeBytes;
        using (InterruptGuard.Disable())
        {
            ThreadContext.Switch(_main, _user);
        }

        _user.Release();
        Clean();
        return true;
    }

    public override void SystemCall(ref UserRegisters user)
    {
        if (SystemCalls++ == 0)
        {
            First = user;
            // Use vector registers, as real work would.
            Span<byte> buffer = stackalloc byte[256];
            buffer.Clear();
            Wide copy = new() { A = 1, B = 2, C = 3, D = 4 };
            Scratch = copy;
            user.Rax = 0x4321;
        }

        if (user.OriginalRax == ExitCall)
        {
            Leave(ref user);
        }
    }

    internal Wide Scratch { get; private set; }

    public override bool PageFault(UserAddress at, FaultAccess access, bool fromUser, ref UserRegisters user)
    {
        FaultedAt = at;
        FaultedAccess = access;
        if (MapsOnFault && at.PageDown.Value == FaultAddress)
        {
            return TryMapPage(FaultAddress, PageRights.Read | PageRights.Write, default);
        }

        if (fromUser)
        {
            ExceptionVectorNumber = (ulong)ExceptionVector.PageFault;
            Leave(ref user);
        }

        return false;
    }

    public override void UserException(ref UserRegisters user, UserException exception)
    {
        ExceptionVectorNumber = (ulong)exception.Vector;
        Leave(ref user);
    }

    public override void BeforeReturnToUser(ref UserRegisters user)
    {
        if (EndsByTimer && TimerExpirations > 0)
        {
            Leave(ref user);
        }
    }

    public override void TimerExpired()
    {
        TimerExpirations++;
        Cpu.RequestAttention();
    }

    private void Leave(ref UserRegisters user)
    {
        Exit = user;
        _ = InterruptGuard.Disable();
        ThreadContext.Switch(_user!, _main);
    }

    private bool TryMapPage(ulong address, PageRights rights, ReadOnlySpan<byte> contents)
    {
        if (!Frame.TryAllocateZeroed(out Frame frame))
        {
            return false;
        }

        contents.CopyTo(frame.Bytes);
        return _table.TryMap(new UserAddress(address), frame, rights);
    }

    private void Clean()
    {
        PageCursor pages = _table.Pages(default, UserAddress.Limit);
        while (pages.MoveNext())
        {
            Frame frame = pages.Entry.Frame;
            pages.Clear();
            frame.Release();
        }

        _table.Release();
    }

    internal struct Wide
    {
        internal long A;
        internal long B;
        internal long C;
        internal long D;
    }

    private sealed class Body(UserMachine machine) : ThreadBody
    {
        public override void Run()
        {
            if (machine.EndsByTimer)
            {
                LocalTimer.SetDeadline(Clock.Monotonic + Nanoseconds.FromMilliseconds(2));
            }

            machine._user!.EnterUser();
        }
    }
}
