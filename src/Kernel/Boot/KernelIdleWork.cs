using Cashew.Runtime;
using Cashew.Tasks;

namespace Cashew.Kernel.Boot;

/// <summary>A collection that is due costs nobody anything while there is nothing else to do.</summary>
internal sealed class KernelIdleWork : IdleWork
{
    public override bool TryDoSome()
    {
        if (!Collector.IsWanted) return false;
        Collector.Poll();
        return true;
    }
}
