using System;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Files.Systems;
using Cashew.Machine;
using Cashew.Memory;
using Cashew.Tasks;

namespace Cashew.Processes;

/// <summary>/proc/PID/stat: 52 fields, separated by blanks.</summary>
/// <source>proc_pid_stat(5); the numbers in the comments are the page's.</source>
internal static class StatText
{
    private const int NoTerminalGroup = -1;
    private const int RealtimeBase = -1;
    private const int NormalBase = 20;

    /// <summary>The part of the pending and blocked sets that this old format has room for.</summary>
    private const ulong SignalMask = 0x7FFF_FFFF;

    /// <summary>PF_FORKNOEXEC, the one flag that programs look at.</summary>
    private const int ForkedWithoutExec = 0x40;

    internal static Errno Append(Subject subject, ByteBuilder text, ref TextCursor cursor)
    {
        cursor.Finish();
        AppendIdentity(subject, text);
        AppendTimes(subject, text);
        bool isInspectable = subject.IsInspectable(cursor.Opener.Credentials);
        AddressSpace? memory = subject.RetainMemory();
        AppendMemory(subject, text, memory, isInspectable);
        AppendSignals(subject, text);
        AppendScheduling(subject, text);
        AppendAreas(text, isInspectable ? memory : null);
        text.Append((long)(isInspectable ? subject.Process.ExitStatus.Value : 0)).Append((byte)'\n');
        memory?.Release();
        return Errno.None;
    }

    // 1 to 9.
    private static void AppendIdentity(Subject subject, ByteBuilder text)
    {
        Process process = subject.Process;
        text.Append((long)subject.Id).Append(" ("u8);
        CommandText.AppendName(text, subject.Name);
        text.Append(") "u8).Append(StateText.Letter(subject)).Append((byte)' ');

        Files.Terminals.Terminal? terminal = process.HasNoTerminal ? null : process.Session.Terminal;
        Field(text, process.Parent?.Id ?? 0);
        Field(text, process.Group.Id);
        Field(text, process.Session.Id);
        Field(text, (long)(terminal?.Number.Encoded ?? 0));
        Field(text, terminal is null ? NoTerminalGroup : terminal.Foreground?.Id ?? NoTerminalGroup);
        Field(text, process.HasExecuted ? 0 : ForkedWithoutExec);
    }

    // 10 to 22.
    private static void AppendTimes(Subject subject, ByteBuilder text)
    {
        Process process = subject.Process;
        ResourceUsage own = subject.IsTask && subject.Thread is { } task
            ? ResourceUsage.Of(task)
            : ProcessAccounting.OfProcess(process);
        ResourceUsage children = ProcessAccounting.OfChildren(process);
        Field(text, own.MinorFaults);
        Field(text, children.MinorFaults);
        Field(text, own.MajorFaults);
        Field(text, children.MajorFaults);
        Field(text, ClockTicks.Of(own.UserTime));
        Field(text, ClockTicks.Of(own.SystemTime));
        Field(text, ClockTicks.Of(children.UserTime));
        Field(text, ClockTicks.Of(children.SystemTime));

        UserThread? thread = subject.Thread;
        int nice = thread?.Nice ?? 0;
        int realtime = thread is null ? 0 : Scheduler.RealtimePriorityOf(thread);
        Field(text, realtime > 0 ? RealtimeBase - realtime : NormalBase + nice);
        Field(text, nice);
        Field(text, process.ThreadCount);
        Field(text, 0);
        bool isThreads = subject.IsTask && thread is not null;
        Field(text, ClockTicks.Of(isThreads ? thread!.StartTime : process.StartTime));
    }

    // 23 to 30.
    private static void AppendMemory(
        Subject subject, ByteBuilder text, AddressSpace? memory, bool isInspectable)
    {
        Field(text, (memory?.Sizes.Total ?? 0) * UserAddress.PageSizeBytes);
        Field(text, memory?.Resident.Total ?? 0);
        text.Append(subject.Process.Limits.Soft(RlimitResource.RLIMIT_RSS)).Append((byte)' ');
        ProgramAreas areas = isInspectable && memory is not null ? memory.Areas : default;
        Address(text, areas.CodeStart);
        Address(text, areas.CodeEnd);
        Address(text, areas.StackStart);

        // Registers are shown of dying processes only, on Linux, too.
        Field(text, 0);
        Field(text, 0);
    }

    // 31 to 37.
    private static void AppendSignals(Subject subject, ByteBuilder text)
    {
        SignalView view = SignalView.Of(subject);
        Signals(text, view.OwnPending);
        Signals(text, view.Blocked);
        Signals(text, view.Ignored);
        Signals(text, view.Caught);
        Field(text, 0);
        Field(text, 0);
        Field(text, 0);
    }

    // 38 to 44.
    private static void AppendScheduling(Subject subject, ByteBuilder text)
    {
        const int noExitSignal = -1;
        bool isLeader = subject.Id == subject.Process.Id;
        UserThread? thread = subject.Thread;
        Field(text, isLeader ? subject.Process.ExitSignal : noExitSignal);
        Field(text, thread?.Processor ?? 0);
        Field(text, thread is null ? 0 : Scheduler.RealtimePriorityOf(thread));
        Field(text, thread is null ? 0 : SchedulingRules.NumberOf(Scheduler.PolicyOf(thread)));
        Field(text, 0);
        Field(text, 0);
        Field(text, 0);
    }

    // 45 to 51.
    private static void AppendAreas(ByteBuilder text, AddressSpace? memory)
    {
        ProgramAreas areas = memory?.Areas ?? default;
        Address(text, areas.DataStart);
        Address(text, areas.DataEnd);
        Address(text, memory?.BreakStart ?? default);
        Address(text, areas.ArgumentsStart);
        Address(text, areas.ArgumentsEnd);
        Address(text, areas.EnvironmentStart);
        Address(text, areas.EnvironmentEnd);
    }

    private static void Field(ByteBuilder text, long value) => text.Append(value).Append((byte)' ');

    private static void Address(ByteBuilder text, UserAddress address)
        => text.Append(address.Value).Append((byte)' ');

    private static void Signals(ByteBuilder text, SignalSet set)
        => text.Append(set.Bits & SignalMask).Append((byte)' ');
}
