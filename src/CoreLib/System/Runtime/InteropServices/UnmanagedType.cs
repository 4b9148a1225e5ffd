namespace System.Runtime.InteropServices;

/// <summary>Named by the compiler when it checks the <c>unmanaged</c> constraint.</summary>
public enum UnmanagedType
{
}
