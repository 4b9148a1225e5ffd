using System;

namespace Cashew.Files;

/// <summary>An open file in use by a system call; dispose of it at the call's end.</summary>
/// <remarks>Holds a reference only where another thread could close the descriptor meanwhile: a process of
/// one thread pays nothing.</remarks>
public readonly ref struct FileUse : IDisposable
{
    private readonly bool _isHeld;

    internal FileUse(OpenFile file, bool isHeld)
    {
        File = file;
        _isHeld = isHeld;
    }

    public OpenFile File { get; }

    public void Dispose()
    {
        if (_isHeld) File.Release();
    }
}
