namespace Cashew.Tool.Support;

/// <summary>What every command needs: where things are, how to report, how to get packages.</summary>
internal sealed class Toolbox
{
    internal Toolbox()
    {
        Repository = Repository.Find();
        Reporter = new Reporter();
        Packages = new Packages(Reporter);
        Debian = new DebianArchive(Repository, Reporter);
    }

    internal Repository Repository { get; }

    internal Reporter Reporter { get; }

    internal Packages Packages { get; }

    internal DebianArchive Debian { get; }
}
