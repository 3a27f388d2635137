"""What `make bench` compares, each in a process of its own: our front door, the floor, the peers."""
