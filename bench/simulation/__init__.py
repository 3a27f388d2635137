"""A deployment in simulated time: what users wait for, by load and by cold starts."""
