// Names that stock .NET has as well. In the kernel there is only ours; here an alias decides. For the atomic
// operations it also puts the simulation's own in place, so that other processors can come in between.
global using Interlocked = Cashew.Machine.Simulated.Interlocked;
global using SpinLock = Cashew.Machine.SpinLock;
global using Volatile = Cashew.Machine.Simulated.Volatile;
global using Thread = Cashew.Tasks.Thread;
global using Timer = Cashew.Tasks.Timer;
