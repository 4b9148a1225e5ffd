namespace Cashew.Tool.Build;
using Cashew.Tool.Support;
internal sealed class XmmCheck
{
    internal XmmCheck(Toolbox tools) { }
    internal void Run(string managedObject, string report) { }
}
