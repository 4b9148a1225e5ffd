namespace Cashew.Machine;

/// <summary>
/// The one order in which locks are taken: a thread or processor may take a lock only while all that it holds
/// have a lower rank. Debug builds check it. docs/locks.md says what each protects.
/// </summary>
public enum LockRank : byte
{
    None = 0,

    // Sleeping locks come first: nobody sleeps under a spin lock.
    FileOffset = 1,
    GeneratedText = 2,
    EpollNesting = 3,
    Epoll = 4, // and the next four, for epolls in epolls
    FilesystemConfiguration = 9,
    MountTree = 10,
    OverlayRename = 11,
    OverlayDirectory = 12, // and the next two, nested and victim
    OverlayCopyUp = 15,
    FilesystemRename = 16,
    Directory = 17, // and the next two likewise
    DirectoryNested = 18,
    DirectoryVictim = 19,
    SocketConnections = 20,
    SocketQueue = 21,
    Pipe = 22,
    TerminalUse = 23,
    Terminal = 24,
    IpcNames = 25,
    FileContents = 26,
    PriorityFutexes = 27,
    AddressSpace = 28,
    FileMappings = 32,
    FileLocks = 34,
    FileLockLists = 35,
    FileLockWaits = 36,
    RealtimeWatches = 38,
    SemaphoreUndo = 42,
    IpcContents = 44,
    TravelingFiles = 46,
    InotifyFiles = 50,
    InotifyWatches = 52,
    ExportedFiles = 54,

    // Spin locks.
    ProcessTree = 60,
    IntervalTimers = 62,
    Signals = 68,
    Pids = 70,
    UserAccounts = 72,
    ResourceLimits = 74,
    DescriptorTable = 76,
    DentryTable = 80,
    DentryRing = 82,
    InodeAttributes = 84,
    OverlayTable = 85,
    TmpfsAccount = 86,
    TerminalSessions = 87,
    TerminalInput = 88,
    SocketList = 89,
    TimerFile = 90,
    EventCounter = 91,
    Futex = 92,
    SharedSegment = 93,
    EpollWatches = 94,
    InotifyQueue = 95,
    Poll = 96,
    WaitQueue = 100,
    EpollReady = 102,
    Timer = 108,
    ProcessorTimes = 110,
    RunQueue = 112,
    AddressSpaceList = 120,
    PageTable = 124,
    PageCacheTree = 126,
    Shrinkers = 128,
    StackPool = 160,
    FrameAllocator = 200,
    Entropy = 210,
    Irq = 220,
    Serial = 230,
    Log = 240,
}
