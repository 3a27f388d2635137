"""The commands of the network group."""
