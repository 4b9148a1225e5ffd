using System.Runtime.InteropServices;

namespace Cashew.Abi;

/// <summary>Names of the system.</summary>
/// <source>uname(2)</source>
[StructLayout(LayoutKind.Sequential)]
public struct Utsname
{
    public Bytes65 sysname;
    public Bytes65 nodename;
    public Bytes65 release;
    public Bytes65 version;
    public Bytes65 machine;
    public Bytes65 domainname;
}
