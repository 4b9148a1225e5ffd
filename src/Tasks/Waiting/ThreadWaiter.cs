namespace Cashew.Tasks;

/// <summary>Wakes a thread.</summary>
public sealed class ThreadWaiter(Thread thread) : WaitEntry
{
    public override bool OnWake(uint events)
    {
        thread.Wake();
        return true;
    }
}
