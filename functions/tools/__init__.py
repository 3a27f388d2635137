"""The tools group: digests, encodings, passwords, one-time codes and QR codes."""

COMMANDS = ("base64", "hash", "password", "qr", "totp")
