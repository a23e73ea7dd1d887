// A browser and a program each have all of the machine: several at once would only wait for each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
