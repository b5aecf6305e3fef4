"""One file per command of the command line, each with `run(settings, arguments) -> exit code`."""
