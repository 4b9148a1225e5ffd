using System.Diagnostics;
using System.Runtime.Intrinsics.X86;
using System.Threading;

namespace Cashew.Runtime;

/// <summary>
/// The runtime's own spin lock: innermost, inside every lock of the kernel, held for a few instructions.
/// Interrupts stay as they are, because their handlers neither allocate nor collect.
/// </summary>
internal struct RuntimeLock
{
    private int _taken;

    internal void Enter()
    {
        while (Interlocked.Exchange(ref _taken, 1) != 0)
        {
            while (Volatile.Read(ref _taken) != 0)
            {
                X86Base.Pause();
            }
        }
    }

    internal void Exit()
    {
        Debug.Assert(_taken != 0);
        Volatile.Write(ref _taken, 0);
    }

    internal bool TryEnter() => Interlocked.Exchange(ref _taken, 1) == 0;
}
