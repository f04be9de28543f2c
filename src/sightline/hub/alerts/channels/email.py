"""A mail, through the server that the hub's settings name."""

from __future__ import annotations

import asyncio
import smtplib
import ssl
from email.message import EmailMessage

from pydantic import BaseModel, ConfigDict, Field, field_validator

from sightline.errors import OutputError
from sightline.hub.alerts.channels.base import Notice
from sightline.hub.outside import Outside
from sightline.hub.settings import Settings, SmtpSettings

_PATIENCE_S = 20.0


class EmailSettings(BaseModel):
    """To whom."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    to: tuple[str, ...] = Field(min_length=1, max_length=50)

    @field_validator("to")
    @classmethod
    def _addresses(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for one in value:
            name, sign, host = one.partition("@")
            if not (sign and name and "." in host) or not one.isprintable() or " " in one:
                raise ValueError(f"{one!r:.80} is no mail address")
        return value


class Email:
    """Tells by mail."""

    settings = EmailSettings

    def __init__(self, given: EmailSettings, hub: Settings, outside: Outside) -> None:
        self._given, self._smtp = given, hub.smtp

    async def tell(self, notice: Notice) -> str:
        if self._smtp is None:
            raise OutputError("no mail server is configured: give `smtp` in hub.yaml")
        message = EmailMessage()
        message["From"] = self._smtp.sender
        message["To"] = ", ".join(self._given.to)
        # Whatever a camera says stays within the subject.
        message["Subject"] = " ".join(notice.line().split())[:200]
        alert = notice.alert
        message.set_content(
            f"{notice.line()}\n\nrule: {alert.rule}\ncamera: {alert.camera}\nalert: {alert.id}\n"
        )
        try:
            await asyncio.to_thread(_send, self._smtp, message)
        except (OSError, smtplib.SMTPException) as error:
            raise OutputError(f"{self._smtp.host}: {error}") from None
        return f"{self._smtp.host} took it"


def _send(server: SmtpSettings, message: EmailMessage) -> None:
    trust = ssl.create_default_context()
    if server.tls == "implicit":
        opened: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, timeout=_PATIENCE_S, context=trust
        )  # fmt: skip
    else:
        opened = smtplib.SMTP(server.host, server.port, timeout=_PATIENCE_S)
    with opened:
        if server.tls == "starttls":
            opened.starttls(context=trust)
        if server.user:
            opened.login(server.user, server.password)
        opened.send_message(message)
