using System.Threading;
using Cashew.Abi;
using Cashew.Tasks;

namespace Cashew.Processes;

/// <summary>A thread that waits in semop(2). Whoever makes its operations possible does them in its
/// name.</summary>
/// <locking>All but the result is protected by the lock of the set.</locking>
internal sealed class SemaphoreWaiter(Sembuf[] operations, SemaphoreUndo? undo, int pid)
{
    private const int Pending = -1;

    private int _result = Pending;

    internal SemaphoreWaiter? Next;
    internal SemaphoreWaiter? Previous;

    /// <summary>The operation that has to wait.</summary>
    internal int Blocking;

    internal Sembuf[] Operations { get; } = operations;

    internal SemaphoreUndo? Undo { get; } = undo;

    internal int Pid { get; } = pid;

    internal WaitQueue Queue { get; } = new();

    /// <summary>Some operation changes a value.</summary>
    internal bool Alters
    {
        get
        {
            foreach (Sembuf operation in Operations)
            {
                if (operation.sem_op != 0) return true;
            }

            return false;
        }
    }

    /// <summary>The operation that is in the way now is one that shall not wait.</summary>
    internal bool MayNotWait => (Operations[Blocking].sem_flg & ShmBits.IPC_NOWAIT) != 0;

    internal bool IsFinished => Volatile.Read(ref _result) != Pending;

    /// <summary>Once finished.</summary>
    internal Errno Result => (Errno)_result;

    internal void Finish(Errno result)
    {
        Volatile.Write(ref _result, (int)result);
        Queue.WakeAll();
    }
}
