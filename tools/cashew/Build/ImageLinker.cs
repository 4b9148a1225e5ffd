namespace Cashew.Tool.Build;
using Cashew.Tool.Support;
internal sealed class ImageLinker
{
    internal ImageLinker(Toolbox tools, string work) { }
    internal void Link(string[] objects, string image) => throw new Failure("not yet");
}
