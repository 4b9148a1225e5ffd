namespace Cashew.Files;

/// <summary>Who asks: the part of a task that the rules of files look at.</summary>
public readonly struct FileCaller(FilesystemContext context, Credentials credentials)
{
    public FilesystemContext Context { get; } = context;
    public Credentials Credentials { get; } = credentials;

    /// <summary>The same task with other rights, as access(2) asks with the real user.</summary>
    public FileCaller As(Credentials credentials) => new(Context, credentials);
}
