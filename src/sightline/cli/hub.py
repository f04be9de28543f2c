"""`sightline hub`: the server of a fleet, and what can be done on its data folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sightline.cli.hub_backup import backup, restore

if TYPE_CHECKING:
    from sightline.hub.hub import Hub
    from sightline.hub.settings import Settings

app = typer.Typer(
    help="The hub of a fleet: one command starts it; cameras, people and programs come to it."
)
tokens = typer.Typer(help="Give out tokens, also while the hub runs.", no_args_is_help=True)
users = typer.Typer(help="The people of a hub, also while it runs.", no_args_is_help=True)
app.add_typer(tokens, name="tokens")
app.add_typer(users, name="users")
app.command("backup")(backup)
app.command("restore")(restore)

Data = Annotated[Path, typer.Option(metavar="DIR", help="The hub's folder.")]
_DATA = Path("sightline-hub")


@app.callback(invoke_without_command=True)
def serve(
    context: typer.Context,
    data: Data = _DATA,
    listen: Annotated[
        str, typer.Option(metavar="HOST:PORT", help="Web page and interface; MQTT is one port up.")
    ] = "127.0.0.1:8600",
    public: Annotated[
        str, typer.Option(metavar="NAME", help="The name under which others reach it.")
    ] = "",
    url: Annotated[
        str,
        typer.Option(metavar="URL", help="Address of a reverse proxy before it: https://…"),
    ] = "",
    database: Annotated[
        str, typer.Option(metavar="URL", help="postgresql+pg8000://… instead of SQLite.")
    ] = "",
    broker: Annotated[
        str, typer.Option(metavar="URL", help="An MQTT broker that cameras use as well.")
    ] = "",
    tls: Annotated[
        str | None, typer.Option(metavar="self-signed", help="Make an authority for this site.")
    ] = None,
    tls_cert: Annotated[Path | None, typer.Option(help="Your own certificate chain, PEM.")] = None,
    tls_key: Annotated[Path | None, typer.Option(help="Its key, PEM.")] = None,
    allow: Annotated[
        list[str] | None,
        typer.Option(metavar="NETWORK", help="Webhooks may lead there: private, 10.0.0.0/8, …"),
    ] = None,
    config: Annotated[
        Path | None, typer.Option(metavar="hub.yaml", help="Every setting as a key, and more.")
    ] = None,
    log_json: Annotated[
        bool, typer.Option("--log-json", help="Log as JSON Lines, each request as well.")
    ] = False,
) -> None:
    """Serve a fleet of cameras until it is told to stop (Ctrl-C).

    sightline hub --data site
    """
    if context.invoked_subcommand is not None:
        return
    given = {
        "data": data, "listen": listen, "public": public, "url": url, "database": database,
        "broker": broker, "allow": tuple(allow or ()),
        "tls": _tls(tls, tls_cert, tls_key),
    }  # fmt: skip
    run_hub(settings_of(given, config), log_json)


@tokens.command("enroll")
def enroll(
    data: Data = _DATA,
    tag: Annotated[list[str] | None, typer.Option(metavar="KEY=VALUE")] = None,
    uses: Annotated[int, typer.Option(min=1, help="How many cameras may come with it.")] = 1,
    expires: Annotated[str, typer.Option(metavar="1h", help="When it becomes worthless.")] = "1h",
    camera: Annotated[str, typer.Option(metavar="NAME", help="For this camera alone.")] = "",
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print the token alone.")] = False,
) -> None:
    """A token with which a machine becomes a camera."""
    from sightline.cli.hub_data import give_enrolment_token
    from sightline.cli.parse import parse_tags

    given = give_enrolment_token(data, parse_tags(tag or []), uses, _seconds(expires), camera)
    _told(given, f"an enrolment token, good {uses} times for {expires}", quiet)


@tokens.command("api")
def api(
    data: Data = _DATA,
    role: Annotated[str, typer.Option(help="viewer, operator or admin.")] = "viewer",
    name: Annotated[str, typer.Option(help="What it is for.")] = "",
    scope: Annotated[
        str, typer.Option(metavar="QUERY", help="Only cameras that this means: site=oslo")
    ] = "",
    expires: Annotated[str | None, typer.Option(metavar="30d", help="Else it does not.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print the token alone.")] = False,
) -> None:
    """A token with which a program speaks to the hub."""
    from sightline.cli.hub_data import give_api_token

    seconds = _seconds(expires) if expires else None
    given = give_api_token(data, role, name, scope, seconds)
    _told(given, f"an API token of a {role}" + (f", good for {expires}" if expires else ""), quiet)


@app.command("broker-config")
def broker_config(
    kind: Annotated[str, typer.Argument(help="mosquitto, the one so far.")],
    data: Data = _DATA,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where it goes.")] = Path("mosquitto"),
    host: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Names under which it is reached.")
    ] = None,
    port: Annotated[int, typer.Option(min=1, max=65535, help="For TLS.")] = 8883,
) -> None:
    """A broker's configuration for this site: TLS, and each camera kept to its own topics.

    Run it again after revoking a camera, and tell the broker to read it (SIGHUP).
    """
    from sightline.cli.hub_data import write_broker_config

    write_broker_config(data, kind, out, host or ["localhost"], port)
    typer.echo(f"start it:   mosquitto -c {out / 'mosquitto.conf'}", err=True)
    typer.echo(
        f"the hub:    sightline hub --broker mqtts://{(host or ['localhost'])[0]}:{port}", err=True
    )


@users.command("list")
def users_list(data: Data = _DATA) -> None:
    """Everybody who may sign in."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from sightline.cli.hub_data import people_of

    table = Table("name", "role", "sees", "state")
    for user in people_of(data):
        sees = escape(user.scope) or "all"
        table.add_row(user.name, user.role, sees, "off" if user.disabled else "on")
    Console().print(table)


@users.command("add")
def users_add(
    name: str,
    data: Data = _DATA,
    role: Annotated[str, typer.Option(help="viewer, operator or admin.")] = "viewer",
    scope: Annotated[str, typer.Option(metavar="QUERY", help="Only cameras that this means.")] = "",
) -> None:
    """Let somebody in; the password is asked for."""
    from sightline.cli.hub_data import add_user

    add_user(data, name, role, _password(), scope)


@users.command("password")
def users_password(name: str, data: Data = _DATA) -> None:
    """Give somebody a new password; it is asked for."""
    from sightline.cli.hub_data import set_password

    set_password(data, name, _password())


@users.command("remove")
def users_remove(name: str, data: Data = _DATA) -> None:
    """Let somebody in no more."""
    from sightline.cli.hub_data import remove_user

    remove_user(data, name)


def settings_of(given: dict[str, Any], config: Path | None = None) -> Settings:
    """Flags over hub.yaml, validated. Raises ConfigError, InputError."""
    from pydantic import ValidationError

    from sightline.errors import ConfigError
    from sightline.hub.settings import Settings
    from sightline.twin.config import in_words, read_tree

    tree = read_tree(config) if config else {}
    defaults = {"listen": "127.0.0.1:8600"}
    said = {key: value for key, value in given.items() if value not in ("", None, {}, ())}
    for key, value in said.items():
        if key not in tree or value != defaults.get(key):
            tree[key] = value
    try:
        return Settings.model_validate(tree)
    except ValidationError as error:
        raise ConfigError(f"{config or 'hub'}: {in_words(error)}") from None


def run_hub(settings: Settings, log_json: bool = False) -> None:
    """Serve until a signal says to stop."""
    import asyncio
    import signal

    from rich.console import Console

    from sightline.cli.hub_log import log_to_stderr
    from sightline.cli.trial import TrialCamera
    from sightline.hub.hub import Hub
    from sightline.web import mount

    log_to_stderr(as_json=log_json)

    async def main() -> None:
        async with Hub(settings) as hub, TrialCamera(settings.data / "trial", hub.url) as trial:
            mount(hub.app)
            hub.app.state.trial = trial if trial.possible() else None
            loop = asyncio.get_running_loop()
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.add_signal_handler(number, hub.stop)
            _say_where(hub, Console(stderr=True))
            await hub.serve()

    asyncio.run(main())


def _say_where(hub: Hub, console: Any) -> None:
    console.print(f"[bold]Sightline hub[/] at {hub.address}   (Ctrl-C ends it)")
    console.print(f"cameras connect to {hub.app.state.services.mqtt}")
    if hub.setup_url:
        console.print("nobody is there yet; this link, good once, makes you the administrator:")
        console.print(f"  [bold]{hub.setup_url}[/]", soft_wrap=True)


def _tls(mode: str | None, certificate: Path | None, key: Path | None) -> dict[str, Any]:
    from sightline.errors import ConfigError

    if mode not in (None, "self-signed"):
        raise ConfigError(
            f"--tls {mode}: the one way is self-signed; else --tls-cert and --tls-key"
        )
    given = {"certificate": certificate, "key": key, "self_signed": mode is not None or None}
    return {name: value for name, value in given.items() if value is not None}


def _seconds(text: str) -> float:
    from sightline.cli.durations import parse_duration

    return parse_duration(text)


def _password() -> str:
    return str(typer.prompt("password", hide_input=True, confirmation_prompt=True))


def _told(secret: str, what: str, quiet: bool) -> None:
    if not quiet:
        typer.echo(f"{what}; it is shown this once:", err=True)
    typer.echo(secret)
