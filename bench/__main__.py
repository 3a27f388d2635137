"""`make bench`: every measurement, one after the other."""

from bench import front_door

if __name__ == "__main__":
    front_door.main()
