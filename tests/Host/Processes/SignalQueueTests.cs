using System;
using System.Collections.Generic;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Machine.Simulated;
using Cashew.Processes;
using Xunit;

namespace Cashew.Host.Processes;

/// <summary>Sets of signals, what is pending, and how much of it a user may have.</summary>
public sealed class SignalQueueTests
{
    public SignalQueueTests() => Simulation.Reset();

    [Fact]
    public void A_set_holds_each_signal_apart_from_the_others()
    {
        for (int signal = 1; signal <= SignalSet.MaxSignal; signal++)
        {
            SignalSet set = SignalSet.Of(signal);
            Assert.Equal(signal, set.First);
            for (int other = 1; other <= SignalSet.MaxSignal; other++)
                Assert.Equal(other == signal, set.Contains(other));
            Assert.True((set | SignalSet.Empty) == set && SignalSet.All.Without(set) == ~set);
        }

        Assert.Equal(0, SignalSet.Empty.First);
        Assert.False(SignalSet.IsValidSignal(0) || SignalSet.IsValidSignal(65) || SignalSet.IsValidSignal(-1));
    }

    // signal(7): standard signals do not queue.
    [Fact]
    public void A_standard_signal_is_pending_once_and_keeps_the_first_that_it_said()
    {
        SignalQueue queue = default;
        queue.Add(Signals.SIGUSR1, Entry(Signals.SIGUSR1, 1));
        queue.Add(Signals.SIGUSR1, Entry(Signals.SIGUSR1, 2));
        Assert.True(queue.TryTake(SignalSet.All, out SignalInfo info));
        Assert.Equal(1, info.SenderPid);
        Assert.False(queue.TryTake(SignalSet.All, out _));
    }

    // signal(7), "Real-time signals": queued, in order, lowest number first.
    [Fact]
    public void Real_time_signals_queue_in_order()
    {
        SignalQueue queue = default;
        foreach (int signal in (int[])[40, 34, 40, 34]) queue.Add(signal, Entry(signal, signal * 10));
        queue.Add(40, Entry(40, 999));
        List<(int, int)> taken = [];
        while (queue.TryTake(SignalSet.All, out SignalInfo info)) taken.Add((info.Number, info.SenderPid));
        Assert.Equal([(34, 340), (34, 340), (40, 400), (40, 400), (40, 999)], taken);
    }

    // ptrace(2), PTRACE_PEEKSIGINFO.
    [Fact]
    public void What_is_pending_can_be_looked_at_without_taking_it()
    {
        SignalQueue queue = default;
        queue.Add(40, Entry(40, 1));
        queue.AddBare(Signals.SIGALRM, SignalOrigin.Kernel);
        queue.Add(Signals.SIGUSR1, Entry(Signals.SIGUSR1, 2));
        queue.Add(40, Entry(40, 3));
        List<(int, int)> seen = [];
        for (ulong i = 0; queue.TryPeek(i, out SignalInfo info); i++) seen.Add((info.Number, info.SenderPid));
        Assert.Equal([(40, 1), (Signals.SIGUSR1, 2), (40, 3), (Signals.SIGALRM, 0)], seen);
        Assert.False(queue.TryPeek(ulong.MaxValue, out _));
        Assert.True(queue.TryTake(SignalSet.All, out SignalInfo first) && first.Number == Signals.SIGUSR1);
    }

    [Fact]
    public void Faults_are_delivered_before_what_was_sent()
    {
        SignalQueue queue = default;
        queue.Add(Signals.SIGHUP, Entry(Signals.SIGHUP, 1));
        queue.Add(Signals.SIGSEGV, Entry(Signals.SIGSEGV, 2));
        Assert.True(queue.TryTake(SignalSet.All, out SignalInfo info));
        Assert.Equal(Signals.SIGSEGV, info.Number);
    }

    [Theory]
    [InlineData((int)SignalOrigin.Kernel, SigInfoCode.SI_KERNEL)]
    [InlineData((int)SignalOrigin.User, SigInfoCode.SI_USER)]
    public void A_signal_without_an_entry_tells_where_it_came_from(int origin, int code)
    {
        SignalQueue queue = default;
        queue.AddBare(Signals.SIGINT, (SignalOrigin)origin);
        Assert.True(queue.TryTake(SignalSet.All, out SignalInfo info));
        Assert.Equal((Signals.SIGINT, code), (info.Number, info.Code));
        queue.AddBare(Signals.SIGINT, SignalOrigin.User);
        Assert.True(queue.TryTake(SignalSet.All, out info));
        Assert.Equal(SigInfoCode.SI_USER, info.Code);
    }

    [Fact]
    public void A_queue_does_what_a_list_of_signals_would()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            Random random = new(seed);
            SignalQueue queue = default;
            List<(int Number, int Id)> model = [];
            for (int step = 0; step < 300; step++)
            {
                int signal = random.Next(1, SignalSet.MaxSignal + 1);
                switch (random.Next(4))
                {
                    case 0 or 1:
                        queue.Add(signal, Entry(signal, step));
                        bool queues = signal >= Signals.SIGRTMIN || !model.Exists(m => m.Number == signal);
                        if (queues) model.Add((signal, step));
                        break;
                    case 2:
                        SignalSet wanted = new((ulong)random.NextInt64() | (ulong)random.NextInt64() << 1);
                        bool isTaken = queue.TryTake(wanted, out SignalInfo info);
                        Assert.Equal(TakeFrom(model, wanted), isTaken ? (info.Number, info.SenderPid) : (0, 0));
                        break;
                    default:
                        SignalSet gone = SignalSet.Of(signal) | SignalSet.Of(random.Next(1, 65));
                        queue.Remove(gone);
                        model.RemoveAll(m => gone.Contains(m.Number));
                        break;
                }

                SignalSet pending = default;
                foreach ((int number, int _) in model) pending |= SignalSet.Of(number);
                Assert.Equal(pending.Bits, queue.Pending.Bits);
            }
        }
    }

    // getrlimit(2), RLIMIT_SIGPENDING: sigqueue(3) fails at the limit, kill(2) goes through, and says less.
    [Fact]
    public void A_user_may_have_so_many_signals_queued()
    {
        const int Limit = 5;
        using TestProcess process = new();
        process.SetLimit(RlimitResource.RLIMIT_SIGPENDING, Limit);
        PendingSignals.SetBlocked(process.Thread, SignalSet.All);
        int id = process.Process.Id;
        for (int i = 0; i < Limit; i++) Assert.Equal(Errno.None, Queue(process, Signals.SIGRTMIN, i));
        Assert.Equal(Limit, process.Thread.Account.SignalCount);
        Assert.Equal(Errno.EAGAIN, Queue(process, Signals.SIGRTMIN, Limit));
        Assert.Equal(Errno.None, SignalTargets.Kill(process.Thread, id, Signals.SIGRTMIN + 1));
        Assert.Equal(Errno.None, SignalTargets.Kill(process.Thread, id, Signals.SIGUSR1));

        for (int i = 0; i < Limit; i++)
        {
            Assert.True(process.Process.SignalState.Queue.TryTake(SignalSet.Of(Signals.SIGRTMIN), out SignalInfo info));
            Assert.Equal(i, (int)info.Word1);
        }

        Assert.Equal(1, process.Thread.Account.SignalCount); // kill's SIGUSR1 is exempt, but counted
        Assert.Equal(Errno.None, Queue(process, Signals.SIGRTMIN, 7));
    }

    [Fact]
    public void An_ignored_signal_is_dropped_unless_it_is_blocked()
    {
        using TestProcess process = new();
        int id = process.Process.Id;
        process.Process.SignalState.Actions[Signals.SIGUSR1] = SignalAction.Ignore;
        Assert.Equal(Errno.None, SignalTargets.Kill(process.Thread, id, Signals.SIGUSR1));
        Assert.True(PendingSignals.Of(process.Thread).IsEmpty);
        Assert.False(process.Thread.IsInterruptRequested);

        PendingSignals.SetBlocked(process.Thread, SignalSet.Of(Signals.SIGUSR1));
        Assert.Equal(Errno.None, SignalTargets.Kill(process.Thread, id, Signals.SIGUSR1));
        Assert.True(PendingSignals.Of(process.Thread).Contains(Signals.SIGUSR1));
        Assert.False(process.Thread.IsInterruptRequested);

        PendingSignals.SetBlocked(process.Thread, SignalSet.Empty);
        Assert.True(process.Thread.IsInterruptRequested);
    }

    [Fact]
    public void Some_signals_cannot_be_blocked()
    {
        using TestProcess process = new();
        PendingSignals.SetBlocked(process.Thread, SignalSet.All);
        Assert.True(process.Thread.SignalState.Blocked == SignalSet.All.Without(SignalSet.Unblockable));
    }

    // signal(7): a stop signal discards a pending SIGCONT, and SIGCONT discards pending stops.
    [Fact]
    public void Stopping_and_continuing_discard_each_other()
    {
        using TestProcess process = new();
        PendingSignals.SetBlocked(process.Thread, SignalSet.All);
        process.Process.SignalState.Actions[Signals.SIGCONT] = new SignalAction(0x1000, 0, 0, default);
        int id = process.Process.Id;
        Assert.Equal(Errno.None, SignalTargets.Kill(process.Thread, id, Signals.SIGCONT));
        Assert.Equal(Errno.None, SignalTargets.Kill(process.Thread, id, Signals.SIGTSTP));
        Assert.True(PendingSignals.Of(process.Thread) == SignalSet.Of(Signals.SIGTSTP));
        Assert.Equal(Errno.None, SignalTargets.Kill(process.Thread, id, Signals.SIGCONT));
        Assert.True(PendingSignals.Of(process.Thread) == SignalSet.Of(Signals.SIGCONT));
    }

    [Theory]
    [InlineData(-1, Errno.EINVAL)]
    [InlineData(65, Errno.EINVAL)]
    [InlineData(0, Errno.None)]
    [InlineData(64, Errno.None)]
    public void Kill_knows_signals_by_number(int signal, Errno expected)
    {
        using TestProcess process = new();
        PendingSignals.SetBlocked(process.Thread, SignalSet.All);
        Assert.Equal(expected, SignalTargets.Kill(process.Thread, process.Process.Id, signal));
        Assert.Equal(signal == 64, !PendingSignals.Of(process.Thread).IsEmpty);
    }

    // kill(2): the real or effective id of the sender equals the real or saved id of the target.
    [Fact]
    public void Who_may_send_is_a_matter_of_four_ids()
    {
        using TestProcess target = new();
        using TestProcess sender = new();
        uint[] ids = [0, 10, 20];
        foreach (uint uid in ids)
        foreach (uint euid in ids)
        foreach (uint otherUid in ids)
        foreach (uint otherEuid in ids)
        foreach (uint otherSuid in ids)
        {
            sender.Credentials = new() { Uid = uid, Euid = euid };
            target.Credentials = new() { Uid = otherUid, Euid = otherEuid, Suid = otherSuid };
            bool isAllowed = uid == otherUid || uid == otherSuid || euid == otherUid || euid == otherSuid;
            Errno error = SignalTargets.Kill(sender.Thread, target.Process.Id, 0);
            Assert.Equal(isAllowed ? Errno.None : Errno.EPERM, error);
        }

        sender.Credentials = new() { Uid = 1, Euid = 1, Effective = new(1UL << Capability.CAP_KILL) };
        target.Credentials = new() { Uid = 2, Euid = 2, Suid = 2 };
        Assert.Equal(Errno.None, SignalTargets.Kill(sender.Thread, target.Process.Id, Signals.SIGUSR1));
        Assert.Equal(Errno.ESRCH, SignalTargets.Kill(sender.Thread, PidTable.MaxCount - 1, 0));
        Assert.Equal(Errno.ESRCH, SignalTargets.Kill(sender.Thread, int.MinValue, 0));
    }

    [Fact]
    public void A_siginfo_comes_back_as_it_was_written()
    {
        Random random = new(4);
        byte[] given = new byte[SignalInfo.UserSizeBytes];
        random.NextBytes(given);
        given.AsSpan(12, 4).Clear(); // padding
        given.AsSpan(48).Clear(); // nobody's
        byte[] written = new byte[SignalInfo.UserSizeBytes];
        SignalInfo.Read(given).Write(written);
        Assert.Equal(given, written);
    }

    private static Errno Queue(TestProcess process, int signal, int value)
    {
        SignalInfo info = SignalInfo.FromSender(signal, SigInfoCode.SI_QUEUE, process.Process.Id, 0);
        info.Word1 = (ulong)value;
        return SignalTargets.Queue(process.Thread, process.Process.Id, info);
    }

    private static (int, int) TakeFrom(List<(int Number, int Id)> model, SignalSet wanted)
    {
        List<(int Number, int Id)> candidates = model.FindAll(m => wanted.Contains(m.Number));
        if (candidates.Count == 0) return (0, 0);
        List<(int Number, int Id)> faults = candidates.FindAll(m => SignalDefaults.Synchronous.Contains(m.Number));
        if (faults.Count > 0) candidates = faults;
        (int Number, int Id) best = candidates[0];
        foreach ((int Number, int Id) candidate in candidates)
        {
            if (candidate.Number < best.Number) best = candidate;
        }

        model.Remove(best);
        return best;
    }

    private static SignalEntry Entry(int signal, int id) =>
        new(SignalInfo.FromSender(signal, SigInfoCode.SI_QUEUE, id, 0));
}
