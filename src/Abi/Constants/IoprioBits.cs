namespace Cashew.Abi;

/// <summary>Classes and kinds of ioprio_set(2).</summary>
/// <source>ioprio_set(2)</source>
public static class IoprioBits
{
    public const int IOPRIO_CLASS_NONE = 0;
    public const int IOPRIO_CLASS_RT = 1;
    public const int IOPRIO_CLASS_BE = 2;
    public const int IOPRIO_CLASS_IDLE = 3;
    public const int IOPRIO_WHO_PROCESS = 1;
    public const int IOPRIO_WHO_PGRP = 2;
    public const int IOPRIO_WHO_USER = 3;
    public const int IOPRIO_CLASS_SHIFT = 13;
    public const int IOPRIO_CLASS_MASK = 7;
    public const int IOPRIO_NR_LEVELS = 8;
}
