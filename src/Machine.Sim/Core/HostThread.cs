using System;
using System.Threading;

namespace Cashew.Machine.Simulated;

/// <summary>
/// A thread of the host that plays one thread of the simulated machine. It runs only while it holds the
/// baton, which is handed over through its gate.
/// </summary>
internal sealed class HostThread
{
    // The kernel's own stacks are 16 KiB, but code that the host compiles is not the kernel's.
    private const int StackBytes = 512 * 1024;

    private readonly SemaphoreSlim _gate = new(0);
    private readonly Thread _thread;
    private readonly Simulation _simulation;
    private bool _isStarted;

    internal HostThread(Simulation simulation, Action body)
    {
        _simulation = simulation;
        _thread = new Thread(() => Main(body), StackBytes) { IsBackground = true };
    }

    /// <summary>Lets the thread go on; the caller parks itself or ends.</summary>
    internal void Resume()
    {
        if (!_isStarted)
        {
            _isStarted = true;
            _thread.Start();
        }

        _gate.Release();
    }

    /// <summary>Waits for the baton. Throws when the machine has come to its end meanwhile.</summary>
    internal void Park()
    {
        _gate.Wait();
        if (_simulation.IsEnding)
        {
            throw new SimulationEnded();
        }
    }

    /// <summary>Makes the thread leave whatever it does, and waits for it.</summary>
    internal bool TryEnd(TimeSpan patience)
    {
        if (!_isStarted)
        {
            return true;
        }

        _gate.Release();
        return _thread.Join(patience);
    }

    private void Main(Action body)
    {
        try
        {
            Park();
            body();
        }
        catch (SimulationEnded)
        {
        }
        catch (Exception exception) when (_simulation.Fail(exception))
        {
            // The filter has recorded it before the stack was unwound, so guards that are disposed do nothing
            // more.
        }
    }
}
