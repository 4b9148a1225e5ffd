using System;

namespace Cashew.Machine;

/// <summary>One value for each processor.</summary>
public sealed class PerCpu<T>
{
    // A structure around each value: a reference into an array of references costs a check of the array's
    // type.
    private readonly Cell[] _cells = new Cell[CpuBlock.MaximumCpus];

    public PerCpu()
    {
    }

    public PerCpu(Func<int, T> create)
    {
        for (int i = 0; i < _cells.Length; i++)
        {
            _cells[i].Value = create(i);
        }
    }

    /// <summary>The value of the processor that executes this.</summary>
    public ref T Current => ref _cells[Cpu.CurrentId].Value;

    public ref T this[int cpu] => ref _cells[cpu].Value;

    private struct Cell
    {
        internal T Value;
    }
}
