"""The camera program: one thread that sees, and around it what stores, sends and listens."""
