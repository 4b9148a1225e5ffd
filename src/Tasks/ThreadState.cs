namespace Cashew.Tasks;

/// <summary>Where a thread is on its way to sleep and back; see <see cref="Thread"/>.</summary>
internal enum ThreadState
{
    /// <summary>On a processor or in line for one.</summary>
    Runnable = 0,

    /// <summary>Running, about to look at a condition and perhaps to sleep.</summary>
    Preparing = 1,

    /// <summary>Not in line; somebody has to wake it.</summary>
    Blocked = 2,
}
