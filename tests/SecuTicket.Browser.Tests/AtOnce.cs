// One more than there are cores on a small machine: all collections at once, for they mostly wait for browsers.
[assembly: CollectionBehavior(MaxParallelThreads = 3)]
