"""How a camera talks to the outside: one file per link."""
