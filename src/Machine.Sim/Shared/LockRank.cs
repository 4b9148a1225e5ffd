namespace Cashew.Machine;

/// <summary>
/// The one order in which locks are taken: a processor may take a lock only while all that it holds have a lower rank.
/// Debug builds check it. docs/locks.md says what each protects.
/// </summary>
public enum LockRank : byte
{
    // Sleeping locks come first: nobody sleeps under a spin lock.
    MountTable = 10,
    Rename = 12,
    Directory = 14,
    FileContents = 18,
    AddressSpace = 20,
    FileMappings = 22,

    // Spin locks.
    ProcessTree = 60,
    Process = 64,
    Signals = 68,
    Terminal = 72,
    Descriptors = 76,
    FileOffset = 78,
    Pipe = 80,
    Inode = 82,
    Dentry = 84,
    Futex = 88,
    Poll = 92,
    WaitQueue = 100,
    Timer = 108,
    RunQueue = 112,
    ConsoleInput = 116,
    AddressSpaceList = 120,
    PageTable = 124,
    PageCacheTree = 126,
    Shrinkers = 128,
    Heap = 140,
    StackPool = 160,
    FrameAllocator = 200,
    Entropy = 210,
    Irq = 220,
    Serial = 230,
    Log = 240,
}
