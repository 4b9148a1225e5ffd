using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Syscalls;

/// <summary>Names and values of fsopen(2) and fsconfig(2), copied out of the program's reach.</summary>
internal static class ConfigurationText
{
    // fsconfig(2): with the NUL.
    private const int MaxTextBytes = 256;

    /// <errors>EFAULT. EINVAL: it is too long.</errors>
    internal static bool TryCopy(UserAddress address, [NotNullWhen(true)] out byte[]? text, out Errno error)
        => TryCopy(address, MaxTextBytes, out text, out error);

    /// <inheritdoc cref="TryCopy(UserAddress, out byte[], out Errno)"/>
    internal static bool TryCopyName(UserAddress address, [NotNullWhen(true)] out byte[]? text, out Errno error)
        => TryCopy(address, UserAddress.PageSizeBytes, out text, out error);

    private static bool TryCopy(
        UserAddress address, int roomBytes, [NotNullWhen(true)] out byte[]? text, out Errno error)
    {
        text = null;
        if (!UserPath.TryCopy(address, out UserPath copied, out error))
        {
            if (error == Errno.ENAMETOOLONG) error = Errno.EINVAL;
            return false;
        }

        using (copied)
        {
            if (copied.Bytes.Length < roomBytes) text = copied.Bytes.ToArray();
            else error = Errno.EINVAL;
        }

        return text is not null;
    }
}
