using System;
using System.Security.Cryptography;
using Cashew.Abi;

namespace Cashew.Host.Files;

/// <summary>What an archive says of a file, in a line to compare.</summary>
internal static class FileLine
{
    internal static string Of(in Stat stat, byte[] contents)
        => Of(stat.st_mode, stat.st_uid, stat.st_gid, stat.st_mtim.tv_sec, stat.st_rdev, contents);

    internal static string Of(uint mode, uint uid, uint gid, long mtime, ulong device, byte[] contents)
    {
        string hash = Convert.ToHexStringLower(MD5.HashData(contents));
        return $"{Convert.ToString(mode, 8)} {uid}:{gid} @{mtime} {device:x} {contents.Length} {hash}";
    }
}
