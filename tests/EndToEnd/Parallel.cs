// Most tests wait most of the time: for processes to start, for authorities, for time-outs. Twice as many as CI has cores run at a time.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]
