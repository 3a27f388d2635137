"""What `make bench` compares, each in a process of its own: ours, the floor, the peers."""
