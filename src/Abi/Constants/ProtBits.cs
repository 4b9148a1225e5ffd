namespace Cashew.Abi;

/// <summary>Protections of mmap(2) and mprotect(2).</summary>
/// <source>mprotect(2)</source>
public static class ProtBits
{
    public const int PROT_NONE = 0;
    public const int PROT_READ = 1;
    public const int PROT_WRITE = 2;
    public const int PROT_EXEC = 4;
    public const int PROT_SEM = 8;
    public const int PROT_GROWSDOWN = 16777216;
    public const int PROT_GROWSUP = 33554432;
}
