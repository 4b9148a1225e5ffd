namespace Cashew.Tool.Support;

using System;
using System.IO;

/// <summary>Where things are in this checkout.</summary>
internal sealed class Repository
{
    private Repository(string root) => Root = root;

    internal string Root { get; }

    /// <summary>All that is built or downloaded; never under version control.</summary>
    internal string Artifacts => Path.Combine(Root, "artifacts");

    internal static Repository Find()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at != null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "tools", "cashew", "cashew.csproj")))
                return new Repository(at.FullName);
        }

        throw new Failure("the command line was moved out of its repository; run ./cashew from a checkout");
    }

    internal string PathOf(params string[] parts) => Path.Combine(Root, Path.Combine(parts));

    internal string ArtifactOf(params string[] parts) => Path.Combine(Artifacts, Path.Combine(parts));

    /// <summary>A path as a user would type it at the root of the checkout.</summary>
    internal string Display(string path) => Path.GetRelativePath(Root, path);
}
