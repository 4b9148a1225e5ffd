using Cashew.Abi;
using Cashew.Files;
using Cashew.Files.Systems;

namespace Cashew.Processes;

/// <summary>Tells message queues who makes the call.</summary>
public sealed class ProcessMqueueCaller : MqueueCaller
{
    public override FileAccount Account => UserThread.Current.Account;

    public override ulong LimitBytes => UserThread.Current.Process.Limits.Soft(RlimitResource.RLIMIT_MSGQUEUE);

    public override object Process => UserThread.Current.Process;
}
