"""Everything configurable of one hub, as one typed tree."""

from __future__ import annotations

import ipaddress
import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from sightline.hub.store.kinds import Kind

Role = Literal["viewer", "operator", "admin"]
_ORIGIN = re.compile(r"https?://([a-z0-9.-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?")
Days = Annotated[float, Field(gt=0, le=36500)]


class TlsSettings(BaseModel):
    """How the hub proves who it is.

    certificate, key  files in PEM
    self_signed       a certificate of the site's own authority, which cameras pin
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    certificate: Path | None = None
    key: Path | None = None
    self_signed: bool = False

    @model_validator(mode="after")
    def _sound(self) -> TlsSettings:
        if (self.certificate is None) != (self.key is None):
            raise ValueError("a certificate and its key go together: give both")
        if self.certificate and self.self_signed:
            raise ValueError("either your own certificate or a self-signed one, not both")
        return self

    @property
    def on(self) -> bool:
        """Whether anything is encrypted."""
        return self.self_signed or self.certificate is not None


class OidcSettings(BaseModel):
    """Signing in through an OpenID Connect provider.

    issuer      its address; what it publishes there is used
    claim       of the identity token that names the roles
    roles       which of its values is which role: {"cameras-admins": "admin"}
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = "single sign-on"
    issuer: str
    client_id: str
    client_secret: str = Field(repr=False)
    claim: str = "groups"
    roles: dict[str, Role] = Field(default_factory=dict)


class SmtpSettings(BaseModel):
    """Where alerts leave as e-mail."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: str
    port: int = Field(default=587, gt=0, lt=65536)
    sender: str
    user: str = ""
    password: str = Field(default="", repr=False)
    tls: Literal["starttls", "implicit", "none"] = "starttls"


class Settings(BaseModel):
    """One hub.

    data           folder that holds all it keeps
    listen         host and port of web page and interface; MQTT is on the next port
    mqtt_port      where cameras connect, 0 for the port after `listen`
    public         host name that cameras and people use, where it is not that of `listen`
    url            address of a reverse proxy before it: https://hub.example
    proxies        addresses or networks of proxies: what they say of who asks is believed
    database       postgresql+pg8000://… instead of SQLite in the data folder
    broker         mqtt(s)://… of a broker that cameras are sent to instead of the hub itself
    picture_days   days that pictures are kept
    hosts          further names under which the hub may be called
    allow          networks that webhooks and sources may lead to although they are private:
                   192.168.0.0/16, or private, or loopback
    retention      days that each kind of data is kept, where they differ from the usual: frames
                   30, events 400, measures 400, health 30, minutes 90, hours 800
    traces         address of an OpenTelemetry collector (OTLP over HTTP): http://127.0.0.1:4318
    trusted_keys   folder of public keys; packages that none of them signed are refused
    metrics        who reads /metrics: who has a viewer's token, or also anybody on this machine
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    data: Path
    listen: str = "127.0.0.1:8600"
    mqtt_port: int = Field(default=0, ge=0, lt=65536)
    public: str = ""
    url: str = ""
    proxies: tuple[str, ...] = ("127.0.0.1", "::1")
    database: str = ""
    broker: str = ""
    hosts: tuple[str, ...] = ()
    tls: TlsSettings = TlsSettings()
    retention: dict[Kind, Days] = Field(default_factory=dict)
    picture_days: Days = 7.0
    oidc: OidcSettings | None = None
    smtp: SmtpSettings | None = None
    allow: tuple[str, ...] = ()
    trusted_keys: Path | None = None
    metrics: Literal["token", "loopback"] = "token"
    traces: str = Field(default="", pattern=r"^(https?://[^\s@]+)?$")

    @field_validator("listen")
    @classmethod
    def _host_and_port(cls, value: str) -> str:
        host, _, port = value.rpartition(":")
        if not host or not port.isdigit() or int(port) > 65535:
            raise ValueError(f"{value!r} is no address; write HOST:PORT, such as 127.0.0.1:8600")
        return value

    @field_validator("url")
    @classmethod
    def _origin(cls, value: str) -> str:
        url = value.rstrip("/").lower()
        if url and not _ORIGIN.fullmatch(url):
            raise ValueError(f"{value!r} is no address; write https://HOST, with :PORT if need be")
        return url.removesuffix(":443" if url.startswith("https") else ":80")

    @field_validator("proxies")
    @classmethod
    def _networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for one in value:
            ipaddress.ip_network(one)
        return value

    @model_validator(mode="after")
    def _safe(self) -> Settings:
        if not self.loopback and not self.tls.on:
            raise ValueError(
                f"{self.listen} can be reached from other machines, so it needs TLS: add "
                "--tls self-signed, or --tls-cert and --tls-key, or listen on 127.0.0.1"
            )
        return self

    @property
    def host(self) -> str:
        """Where it listens, without the port."""
        return self.listen.rpartition(":")[0].strip("[]")

    @property
    def port(self) -> int:
        """Of web page and interface; 0 takes a free one."""
        return int(self.listen.rpartition(":")[2])

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach it."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def database_url(self) -> str:
        """As SQLAlchemy wants it."""
        return self.database or f"sqlite:///{self.data.absolute() / 'hub.db'}"
