using System;
using Cashew.Machine.Simulated;

namespace Cashew.Machine;

/// <summary>One value for each processor of the current machine; a new machine starts with new
/// values.</summary>
public sealed class PerCpu<T>
{
    private const int MaximumCpus = 64;

    private readonly Func<int, T>? _create;
    private Simulation? _machine;
    private T[] _values = [];

    public PerCpu()
    {
    }

    public PerCpu(Func<int, T> create)
    {
        _create = create;
    }

    public ref T Current => ref Values[Cpu.CurrentId];

    public ref T this[int cpu] => ref Values[cpu];

    private T[] Values
    {
        get
        {
            if (_machine != Simulation.Current)
            {
                _machine = Simulation.Current;
                _values = new T[MaximumCpus];
                for (int i = 0; i < _values.Length && _create is not null; i++)
                {
                    _values[i] = _create(i);
                }
            }

            return _values;
        }
    }
}
