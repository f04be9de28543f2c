"""Column types that SQLite and PostgreSQL agree on."""

from __future__ import annotations

from sqlalchemy import BigInteger, Integer, String

# Counted by the database itself: SQLite does that for INTEGER only.
Number = BigInteger().with_variant(Integer, "sqlite")
Name = String(128)  # of cameras, kinds, lines, boots: the wire allows 64
