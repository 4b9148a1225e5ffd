// Machine shares the unsafe helpers of this assembly; no other room may.
[assembly: System.Runtime.CompilerServices.InternalsVisibleTo("Machine")]
