namespace Cashew.Processes;

public enum StringKind : byte
{
    Argument,
    Environment,
}
