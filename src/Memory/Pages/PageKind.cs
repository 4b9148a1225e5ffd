namespace Cashew.Memory;

/// <summary>How a resident page is counted: RssAnon, RssFile or RssShmem of /proc/PID/status.</summary>
internal enum PageKind : byte
{
    Anonymous,
    File,
    SharedMemory,
}
