namespace Cashew.Tool.Support;

internal sealed record ExternalResult(int ExitCode, string Output, string Error);
