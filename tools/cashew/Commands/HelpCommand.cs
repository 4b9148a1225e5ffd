namespace Cashew.Tool.Commands;

using System.CommandLine;

/// <summary>
/// <c>cashew help [COMMAND]</c>: the same as <c>--help</c>, where people look for it first.
/// </summary>
internal static class HelpCommand
{
    internal static Command Create(RootCommand root)
    {
        Argument<string> topic = new("command")
        {
            Description = "The command to explain",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Command command = new("help", "Explain the commands") { topic };
        command.SetAction(parsed =>
        {
            string? name = parsed.GetValue(topic);
            return root.Parse(name == null ? ["--help"] : [name, "--help"]).Invoke();
        });
        return command;
    }
}
