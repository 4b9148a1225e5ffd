namespace Cashew.Processes;

/// <summary>Who raised a signal that carries no more than its number.</summary>
public enum SignalOrigin : byte
{
    User,
    Kernel,
}
