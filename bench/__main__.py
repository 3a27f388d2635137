"""`make bench`: how fast and how cheap (bench.speed)."""

from bench.speed.__main__ import main

if __name__ == "__main__":
    main()
