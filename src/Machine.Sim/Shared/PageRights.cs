namespace Cashew.Machine;

/// <summary>What a program may do with a page. x86 cannot deny reading of a present page.</summary>
[System.Flags]
public enum PageRights : byte
{
    None = 0,
    Read = 1,
    Write = 2,
    Execute = 4,
}
