namespace Cashew.Kernel;

public static class Program
{
}
