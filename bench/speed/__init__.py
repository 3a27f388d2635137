"""How fast and how cheap: our front door and workers beside the floor and the peers."""
