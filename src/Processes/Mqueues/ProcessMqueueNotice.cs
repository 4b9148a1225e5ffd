using Cashew.Abi;
using Cashew.Files.Systems;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>A process that waits for a message by a signal, or does not wait but keeps others from
/// it.</summary>
/// <source>mq_notify(3); sigaction(2), SI_MESGQ.</source>
public sealed class ProcessMqueueNotice(Process process, int kind, int signal, ulong value) : MqueueNotice
{
    private readonly Process _process = process;
    private readonly ulong _value = value;

    public override object Process => _process;

    public override int ProcessId => _process.Id;

    public override int Kind { get; } = kind;

    public override int Signal { get; } = signal;

    /// <summary>No permission is asked for: the process wanted to be told, by whomever.</summary>
    public override void Send()
    {
        if (Kind != SigEvent.SIGEV_SIGNAL || Signal == 0) return;
        UserThread sender = UserThread.Current;
        SignalInfo info = SignalInfo.FromSender(
            Signal, SigInfoCode.SI_MESGQ, sender.Process.Id, sender.Credentials.Uid);
        info.Word1 = _value;
        SignalSender.Send(_process, new SignalEntry(info));
    }
}
