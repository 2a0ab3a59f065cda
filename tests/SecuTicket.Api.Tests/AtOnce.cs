// One more than there are cores on a small machine: tests of nodes in processes of their own mostly wait for them.
[assembly: CollectionBehavior(MaxParallelThreads = 3)]
