using System.Collections.Generic;

namespace Cashew.Files;

/// <summary>Mounts that have been taken from their trees under the lock, to be ended without it.</summary>
internal sealed class MountDeparture
{
    private readonly List<Mount> _mounts = [];
    private readonly List<PathLocation> _places = [];

    /// <param name="mount">Parents come before their children.</param>
    /// <param name="old">Where it was; its pins are taken over.</param>
    internal void Add(Mount mount, PathLocation old)
    {
        _mounts.Add(mount);
        _places.Add(old);
    }

    /// <summary>The deepest first: a mount has a pin on the one it hangs on, which is dropped after
    /// it.</summary>
    /// <locking>May sleep; no lock is held.</locking>
    internal void Finish()
    {
        for (int i = _mounts.Count - 1; i >= 0; i--)
        {
            if (_mounts[i].IsClosed) _mounts[i].End();
            else _mounts[i].Detach();
            _places[i].Unpin();
        }
    }
}
