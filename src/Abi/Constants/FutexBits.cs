namespace Cashew.Abi;

/// <summary>Operations and bits of futex(2).</summary>
/// <source>futex(2)</source>
public static class FutexBits
{
    public const uint FUTEX_WAIT = 0;
    public const uint FUTEX_WAKE = 1;
    public const uint FUTEX_FD = 2;
    public const uint FUTEX_REQUEUE = 3;
    public const uint FUTEX_CMP_REQUEUE = 4;
    public const uint FUTEX_WAKE_OP = 5;
    public const uint FUTEX_LOCK_PI = 6;
    public const uint FUTEX_UNLOCK_PI = 7;
    public const uint FUTEX_TRYLOCK_PI = 8;
    public const uint FUTEX_WAIT_BITSET = 9;
    public const uint FUTEX_WAKE_BITSET = 0xA;
    public const uint FUTEX_WAIT_REQUEUE_PI = 0xB;
    public const uint FUTEX_CMP_REQUEUE_PI = 0xC;
    public const uint FUTEX_LOCK_PI2 = 0xD;
    public const uint FUTEX_PRIVATE_FLAG = 0x80;
    public const uint FUTEX_CLOCK_REALTIME = 0x100;
    public const uint FUTEX_CMD_MASK = 0xFFFFFE7F;
    public const uint FUTEX_WAITERS = 0x80000000;
    public const uint FUTEX_OWNER_DIED = 0x40000000;
    public const uint FUTEX_TID_MASK = 0x3FFFFFFF;
    public const uint FUTEX_BITSET_MATCH_ANY = 0xFFFFFFFF;
    public const uint FUTEX_OP_SET = 0;
    public const uint FUTEX_OP_ADD = 1;
    public const uint FUTEX_OP_OR = 2;
    public const uint FUTEX_OP_ANDN = 3;
    public const uint FUTEX_OP_XOR = 4;
    public const uint FUTEX_OP_OPARG_SHIFT = 8;
    public const uint FUTEX_OP_CMP_EQ = 0;
    public const uint FUTEX_OP_CMP_NE = 1;
    public const uint FUTEX_OP_CMP_LT = 2;
    public const uint FUTEX_OP_CMP_LE = 3;
    public const uint FUTEX_OP_CMP_GT = 4;
    public const uint FUTEX_OP_CMP_GE = 5;
    public const uint ROBUST_LIST_LIMIT = 0x800;
    public const uint FUTEX_32 = 2;
    public const uint FUTEX_WAITV_MAX = 128;
}
