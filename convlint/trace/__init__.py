"""What a run leaves behind: layers built, calls, shapes, faults and requirements."""
