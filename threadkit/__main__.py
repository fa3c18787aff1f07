"""``python -m threadkit`` is the command line."""

from threadkit.cli.command import main

if __name__ == "__main__":
    main()
