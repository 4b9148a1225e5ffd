using System;

namespace Cashew.Processes;

/// <summary>What can be counted and limited in a control group.</summary>
[Flags]
internal enum CgroupControllers : byte
{
    None = 0,
    Memory = 1,
    Pids = 2,
    All = Memory | Pids,
}
