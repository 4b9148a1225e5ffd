using Cashew.Abi;
using Cashew.Files;
using Cashew.Files.Systems;

namespace Cashew.Processes;

/// <summary>Adds the next piece of a text about a process and moves the cursor, as
/// <see cref="FileContents.Append"/>.</summary>
internal delegate Errno ProcessTextWriter(Subject subject, ByteBuilder text, ref TextCursor cursor);
