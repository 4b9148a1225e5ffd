namespace Cashew.Files;

/// <summary>Who asks: the part of a task that the rules of files look at.</summary>
public readonly struct FileCaller(FilesystemContext context, Credentials credentials)
{
    public FilesystemContext Context { get; } = context;
    public Credentials Credentials { get; } = credentials;

    /// <summary>Where paths must not lead.</summary>
    public ResolveRules Rules { get; private init; }

    /// <summary>The same task, which wants its path resolved by rules.</summary>
    public FileCaller Within(ResolveRules rules) => new(Context, Credentials) { Rules = rules };

    /// <summary>The same task with other rights, as access(2) asks with the real user.</summary>
    public FileCaller As(Credentials credentials) => new(Context, credentials) { Rules = Rules };
}
