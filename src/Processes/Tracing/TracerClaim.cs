using Cashew.Files;

namespace Cashew.Processes;

/// <summary>On what terms a thread is traced.</summary>
internal readonly struct TracerClaim(Credentials credentials, bool isSeized, uint options)
{
    internal Credentials Credentials { get; } = credentials;

    internal bool IsSeized { get; } = isSeized;

    internal uint Options { get; } = options;

    /// <summary>The same for what the thread makes.</summary>
    internal static TracerClaim Of(Tracee tracee) =>
        new(tracee.TracerCredentials, tracee.IsSeized, tracee.Options);
}
