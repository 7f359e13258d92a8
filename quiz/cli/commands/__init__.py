"""The commands, one file each: `run(call)` does it and returns the exit code."""
