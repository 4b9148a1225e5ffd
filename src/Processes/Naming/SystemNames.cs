using System;
using System.Threading;

namespace Cashew.Processes;

/// <summary>What the system calls itself.</summary>
/// <locking>The two names that can change are arrays, replaced as a whole.</locking>
/// <source>uname(2), sethostname(2), setdomainname(2).</source>
public static class SystemNames
{
    private static byte[] s_nodename = "(none)"u8.ToArray();
    private static byte[] s_domainname = "(none)"u8.ToArray();

    public static ReadOnlySpan<byte> Sysname => "Linux"u8;

    /// <summary>The Linux whose interface this is, and whose it really is.</summary>
    public static ReadOnlySpan<byte> Release => "6.12.0-cashew"u8;

    /// <summary>The same for programs that expect a version below 3.</summary>
    /// <source>personality(2), UNAME26: 6.x is told as 2.6.(60+x).</source>
    public static ReadOnlySpan<byte> OldRelease => "2.6.72-cashew"u8;

    public static ReadOnlySpan<byte> Version => "#1 Cashew"u8;

    public static ReadOnlySpan<byte> Machine => "x86_64"u8;

    /// <source>personality(2), PER_LINUX32.</source>
    public static ReadOnlySpan<byte> Machine32 => "i686"u8;

    public static ReadOnlySpan<byte> Nodename => Volatile.Read(ref s_nodename);

    public static ReadOnlySpan<byte> Domainname => Volatile.Read(ref s_domainname);

    /// <param name="name">At most HOST_NAME_MAX bytes.</param>
    public static void SetNodename(ReadOnlySpan<byte> name) => Volatile.Write(ref s_nodename, name.ToArray());

    /// <inheritdoc cref="SetNodename"/>
    public static void SetDomainname(ReadOnlySpan<byte> name) => Volatile.Write(ref s_domainname, name.ToArray());
}
