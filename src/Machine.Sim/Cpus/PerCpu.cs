using System;

namespace Cashew.Machine;

/// <summary>One value for each processor.</summary>
public sealed class PerCpu<T>
{
    private const int MaximumCpus = 64;

    private readonly T[] _values = new T[MaximumCpus];

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

    public ref T Current => ref _values[Cpu.CurrentId];

    public ref T this[int cpu] => ref _values[cpu];
}
