namespace Cashew.Abi;

/// <summary>Flags of setxattr(2).</summary>
/// <source>setxattr(2)</source>
public static class XattrBits
{
    public const int XATTR_CREATE = 1;
    public const int XATTR_REPLACE = 2;
}
