"""What the bot costs: list prices, measured calls and times, and the sums."""
