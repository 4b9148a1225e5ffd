namespace Cashew.Tool.Support;

using System;
using System.IO;

/// <summary>
/// A private folder of one run. In the system's temporary folder, since a Unix socket's path may have no
/// more than 107 bytes (unix(7)) and a checkout can lie deep.
/// </summary>
internal sealed class ScratchFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cashew-");

    internal string PathOf(string name) => Path.Combine(_folder.FullName, name);

    public void Dispose()
    {
        try
        {
            _folder.Delete(recursive: true);
        }
        catch (IOException)
        {
            // Left behind in the temporary folder: no reason to fail a run that succeeded.
        }
    }
}
