using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>The third argument of FUTEX_WAKE_OP: what to do to a word, and how to judge its old
/// value.</summary>
/// <source>futex(2), FUTEX_WAKE_OP.</source>
internal readonly struct FutexOperation(uint encoded)
{
    private readonly uint _operation = encoded >> 28 & 7;
    private readonly bool _isShift = (encoded >> 28 & FutexBits.FUTEX_OP_OPARG_SHIFT) != 0;
    private readonly uint _comparison = encoded >> 24 & 15;
    private readonly int _argument = SignExtend(encoded >> 12);
    private readonly int _comparand = SignExtend(encoded);

    /// <errors>ENOSYS: unknown operation or comparison. EFAULT.</errors>
    internal Errno Apply(UserAddress at, out bool isTrue)
    {
        isTrue = false;
        if (_operation > FutexBits.FUTEX_OP_XOR || _comparison > FutexBits.FUTEX_OP_CMP_GE) return Errno.ENOSYS;
        if (!UserMemory.TryReadAtomic(at, out uint old)) return Errno.EFAULT;
        while (true)
        {
            if (!UserMemory.TryCompareExchange(at, old, Result(old), out uint found)) return Errno.EFAULT;
            if (found == old) break;
            old = found;
        }

        isTrue = Compare((int)old);
        return Errno.None;
    }

    private uint Result(uint old)
    {
        uint argument = _isShift ? 1U << (_argument & 31) : (uint)_argument;
        return _operation switch
        {
            FutexBits.FUTEX_OP_SET => argument,
            FutexBits.FUTEX_OP_ADD => unchecked(old + argument),
            FutexBits.FUTEX_OP_OR => old | argument,
            FutexBits.FUTEX_OP_ANDN => old & ~argument,
            _ => old ^ argument,
        };
    }

    private bool Compare(int old) => _comparison switch
    {
        FutexBits.FUTEX_OP_CMP_EQ => old == _comparand,
        FutexBits.FUTEX_OP_CMP_NE => old != _comparand,
        FutexBits.FUTEX_OP_CMP_LT => old < _comparand,
        FutexBits.FUTEX_OP_CMP_LE => old <= _comparand,
        FutexBits.FUTEX_OP_CMP_GT => old > _comparand,
        _ => old >= _comparand,
    };

    /// <summary>The low twelve bits, as a number with a sign.</summary>
    private static int SignExtend(uint field) => (int)(field << 20) >> 20;
}
