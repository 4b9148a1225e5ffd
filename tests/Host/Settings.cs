using Xunit;

// The simulated machine is one for the process, like a real one.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
