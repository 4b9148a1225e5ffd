using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>A word to wait on, and what it must hold meanwhile.</summary>
/// <source>futex_waitv(2).</source>
public readonly struct FutexWord
{
    private FutexWord(UserAddress at, uint expected, FutexKey key)
    {
        At = at;
        Expected = expected;
        Key = key;
    }

    internal UserAddress At { get; }

    internal uint Expected { get; }

    internal FutexKey Key { get; }

    /// <errors>EINVAL: not aligned. EFAULT.</errors>
    public static bool TryCreate(
        FutexScope scope, UserAddress at, uint expected, out FutexWord word, out Errno error)
    {
        bool isValid = FutexKey.TryCreate(scope, at, out FutexKey key, out error);
        word = new FutexWord(at, expected, key);
        return isValid;
    }
}
