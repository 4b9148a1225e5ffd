namespace Cashew.Tool.Images;

internal enum PackageItemKind
{
    File,
    Directory,
    Symlink,
}
