"""From what the runs of a file left behind, and its source, to the subjects that rules look at."""
