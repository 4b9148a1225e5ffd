using System;
using Cashew.Abi;
using Cashew.Files;

namespace Cashew.Processes;

/// <summary>Takes what is written to a file about a process.</summary>
internal delegate Errno ProcessTextStore(Subject subject, in FileCaller opener, ReadOnlySpan<byte> text);
