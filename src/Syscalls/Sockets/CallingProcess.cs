using Cashew.Files;
using Cashew.Net;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>Tells sockets who makes the call.</summary>
public sealed class CallingProcess : SocketCaller
{
    public override Credentials Credentials => UserThread.Current.Credentials;

    public override int ProcessId => UserThread.Current.Process.Id;

    public override FileCaller FileCaller => UserThread.Current.FileCaller;

    public override FileAccount Account => UserThread.Current.FileAccount;

    public override int DescriptorLimit => Syscalls.DescriptorLimit.Of(UserThread.Current);

    public override bool ProcessExists(int id) => ProcessTree.Find(id) is not null;
}
