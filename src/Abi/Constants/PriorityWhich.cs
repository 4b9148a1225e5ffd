namespace Cashew.Abi;

/// <summary>Whom getpriority(2) is about.</summary>
/// <source>getpriority(2)</source>
public static class PriorityWhich
{
    public const int PRIO_PROCESS = 0;
    public const int PRIO_PGRP = 1;
    public const int PRIO_USER = 2;
}
