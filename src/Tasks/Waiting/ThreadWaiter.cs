namespace Cashew.Tasks;

/// <summary>Wakes a thread.</summary>
public sealed class ThreadWaiter(Thread thread) : WaitEntry
{
    protected internal override bool OnWake(uint events)
    {
        thread.Wake();
        return true;
    }
}
