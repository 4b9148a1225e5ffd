using Cashew.Files;
using Cashew.Files.Systems;

namespace Cashew.Processes;

/// <summary>Makes a directory inside a process's.</summary>
internal delegate Inode ProcessDirectoryMaker(
    GeneratedFilesystem filesystem, Subject subject, ulong number, NewNode node);
