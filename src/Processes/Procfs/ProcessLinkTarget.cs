using Cashew.Abi;
using Cashew.Files;

namespace Cashew.Processes;

/// <summary>Where a link of a process leads, without pins.</summary>
/// <errors>ENOENT: nowhere at the moment.</errors>
internal delegate bool ProcessLinkTarget(Subject subject, out PathLocation target, out Errno error);
