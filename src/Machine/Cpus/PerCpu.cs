using System;

namespace Cashew.Machine;

/// <summary>One value for each processor.</summary>
public sealed class PerCpu<T>
{
    private readonly T[] _values = new T[CpuBlock.MaximumCpus];

    public PerCpu()
    {
    }

    public PerCpu(Func<int, T> create)
    {
        for (int i = 0; i < _values.Length; i++)
        {
            _values[i] = create(i);
        }
    }

    /// <summary>The value of the processor that executes this.</summary>
    public ref T Current => ref _values[Cpu.CurrentId];

    public ref T this[int cpu] => ref _values[cpu];
}
