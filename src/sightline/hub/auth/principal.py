"""Who asks, and what they may."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sightline.hub.refused import Denied
from sightline.hub.registry import question
from sightline.hub.settings import Role

Kind = Literal["user", "token", "camera"]
RANK: dict[str, int] = {"viewer": 1, "operator": 2, "admin": 3}


@dataclass(frozen=True, slots=True)
class Principal:
    """Who makes a request.

    kind   a person with a session, a program with an API token, or a camera
    name   of the person, the token or the camera
    role   viewer, operator or admin; a camera has none
    scope  fleet query of the cameras that it may see, empty for all
    csrf   of the session; empty where no browser is involved
    """

    kind: Kind
    name: str
    role: Role | None = None
    scope: str = ""
    csrf: str = ""

    def may(self, role: Role) -> bool:
        """Whether it has at least this role."""
        return self.role is not None and RANK[self.role] >= RANK[role]

    def need(self, role: Role) -> None:
        """Raise Denied unless it has at least this role."""
        if not self.may(role):
            raise Denied(f"this needs the role {role}")

    @property
    def actor(self) -> str:
        """As the audit log calls it."""
        return f"{self.kind} {self.name}"

    def within(self, query: str) -> str:
        """A fleet query narrowed to what it may see. Raises Refused for one that is none."""
        return question.narrowed(self.scope, query) if self.scope else query
