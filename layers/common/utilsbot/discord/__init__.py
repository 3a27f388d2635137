"""Discord's own terms: what arrives, what we send, its limits, and its REST API."""
