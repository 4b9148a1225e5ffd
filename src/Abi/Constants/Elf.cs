namespace Cashew.Abi;

/// <summary>Numbers of the ELF format that the loader needs.</summary>
/// <source>elf(5), System V ABI</source>
public static class Elf
{
    public const uint EI_CLASS = 4;
    public const uint EI_DATA = 5;
    public const uint EI_VERSION = 6;
    public const uint EI_OSABI = 7;
    public const uint EI_NIDENT = 0x10;
    public const uint ELFMAG0 = 0x7F;
    public const uint ELFCLASSNONE = 0;
    public const uint ELFCLASS32 = 1;
    public const uint ELFCLASS64 = 2;
    public const uint ELFDATA2LSB = 1;
    public const uint ELFDATA2MSB = 2;
    public const uint EV_CURRENT = 1;
    public const uint ET_NONE = 0;
    public const uint ET_REL = 1;
    public const uint ET_EXEC = 2;
    public const uint ET_DYN = 3;
    public const uint ET_CORE = 4;
    public const uint EM_386 = 3;
    public const uint EM_X86_64 = 0x3E;
    public const uint PT_NULL = 0;
    public const uint PT_LOAD = 1;
    public const uint PT_DYNAMIC = 2;
    public const uint PT_INTERP = 3;
    public const uint PT_NOTE = 4;
    public const uint PT_SHLIB = 5;
    public const uint PT_PHDR = 6;
    public const uint PT_TLS = 7;
    public const uint PT_GNU_EH_FRAME = 0x6474E550;
    public const uint PT_GNU_STACK = 0x6474E551;
    public const uint PT_GNU_RELRO = 0x6474E552;
    public const uint PT_GNU_PROPERTY = 0x6474E553;
    public const uint PF_X = 1;
    public const uint PF_W = 2;
    public const uint PF_R = 4;
    public const uint PN_XNUM = 0xFFFF;
    public const uint NT_PRSTATUS = 1;
    public const uint NT_PRFPREG = 2;
    public const uint NT_PRPSINFO = 3;
    public const uint NT_AUXV = 6;
    public const uint NT_X86_XSTATE = 0x202;
    public const uint NT_SIGINFO = 0x53494749;
    public const uint NT_FILE = 0x46494C45;
    public const uint NT_GNU_BUILD_ID = 3;
}
