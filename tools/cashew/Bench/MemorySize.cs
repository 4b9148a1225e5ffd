namespace Cashew.Tool.Bench;

using System.Globalization;
using Cashew.Tool.Support;

/// <summary>Reads a size of memory as QEMU's -m does.</summary>
internal static class MemorySize
{
    /// <source>QEMU's manual, -m: megabytes, unless a suffix M or G says so.</source>
    internal static long KibibytesOf(string size)
    {
        string digits = size.TrimEnd('M', 'm', 'G', 'g');
        bool isGibibytes = size.EndsWith('G') || size.EndsWith('g');
        if (size.Length - digits.Length > 1
            || !int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
        {
            throw new Failure($"not a size of memory: {size}");
        }

        return number * (isGibibytes ? 1024L * 1024 : 1024);
    }
}
