using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using Cashew.Files.Terminals;

namespace Cashew.Host.Files.Terminals;

/// <summary>A process model that a test makes up: who the caller is, and what signals groups got.</summary>
internal sealed class TestJobs : JobControl
{
    private readonly List<TestGroup> _groups = [];

    internal TestGroup? Caller { get; set; }

    internal bool IsLeader { get; set; }

    internal bool HasGivenUp { get; set; }

    internal HashSet<int> Ignored { get; } = [];

    internal HashSet<int> Capabilities { get; } = [];

    public override TerminalSession? CallerSession => Caller?.Session;

    public override TerminalGroup? CallerGroup => Caller;

    public override bool CallerIsSessionLeader => IsLeader;

    public override bool CallerHasNoTerminal => HasGivenUp;

    internal static TestJobs Install()
    {
        TestJobs jobs = new();
        Install(jobs);
        return jobs;
    }

    internal TestGroup NewGroup(int id, TestSession session)
    {
        TestGroup group = new(id, session);
        _groups.Add(group);
        return group;
    }

    public override void GiveUpTerminal() => HasGivenUp = true;

    public override bool CallerIgnoresOrBlocks(int signal) => Ignored.Contains(signal);

    public override bool CallerHas(int capability) => Capabilities.Contains(capability);

    public override bool CallerIsInGroup(uint group) => true;

    public override bool TryFindGroup(int id, [NotNullWhen(true)] out TerminalGroup? group)
    {
        group = _groups.Find(candidate => candidate.Id == id);
        return group is not null;
    }

    internal sealed class TestSession(int id) : TerminalSession
    {
        internal List<int> LeaderSignals { get; } = [];

        public override int Id => id;

        protected override void SendSignalToLeader(int signal) => LeaderSignals.Add(signal);
    }

    internal sealed class TestGroup(int id, TestSession session) : TerminalGroup
    {
        internal List<int> SignalsGot { get; } = [];

        internal bool IsOrphan { get; set; }

        public override int Id => id;

        public override TerminalSession Session => session;

        public override bool IsOrphaned => IsOrphan;

        public override void SendSignal(int signal) => SignalsGot.Add(signal);
    }
}
