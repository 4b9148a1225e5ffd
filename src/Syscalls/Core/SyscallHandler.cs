using Cashew.Abi;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>Takes the arguments of one call out of the registers. Made once, for the table.</summary>
internal delegate SyscallResult SyscallHandler(UserThread caller, in SyscallArguments arguments);
