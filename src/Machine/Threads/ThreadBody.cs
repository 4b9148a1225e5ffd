namespace Cashew.Machine;

/// <summary>What a new kernel thread does. Must not return: a thread ends by switching away for
/// good.</summary>
public abstract class ThreadBody
{
    public abstract void Run();
}
