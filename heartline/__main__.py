"""`python -m heartline` is the same as the `heartline` command."""

from heartline.config.cli import main

if __name__ == "__main__":
    main()
