"""``python -m spindetect``: the command line."""

from spindetect.cli import main

if __name__ == "__main__":
    main()
