using Cashew.Runtime;

namespace Cashew.Kernel.SelfTests.CoreLib;

/// <summary>Sets how hard the collector is stressed, until the end of a block.</summary>
internal readonly ref struct StressScope
{
    private readonly CollectorStress _before;

    internal StressScope(CollectorStress stress)
    {
        _before = Collector.Stress;
        Collector.Stress = stress;
    }

    public void Dispose() => Collector.Stress = _before;
}
