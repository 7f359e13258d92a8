"""The command line: arguments, commands and the line mode."""
