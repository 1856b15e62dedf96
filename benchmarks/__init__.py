"""Time and memory of whole runs of the command, as ratios that another machine can be held to."""
