"""Users, sessions and tokens on a real database."""

import asyncio

import pytest

from sightline.hub.auth.people import NotKnown, People, TooOften
from sightline.hub.auth.principal import Principal
from sightline.hub.auth.users import UserChange
from sightline.hub.refused import Denied, Refused, Taken, Unknown
from sightline.hub.store.database import Database

PASSWORD = "a sentence is easy"
ADMIN = Principal("user", "ada", "admin")


@pytest.fixture
async def people(database: Database) -> People:
    """A hub whose administrator is ada."""
    made = People(database)
    secret = await made.setup_link()
    assert secret
    await made.set_up(secret, "ada", PASSWORD, "127.0.0.1")
    return made


async def test_the_link_of_the_first_start_is_good_once(people: People) -> None:
    assert await people.setup_link() is None
    with pytest.raises(Taken):
        await people.set_up("slu_whatever", "eve", PASSWORD, "")


async def test_only_the_newest_link_counts(database: Database) -> None:
    people = People(database)
    old = await people.setup_link()
    await people.setup_link()
    assert old
    with pytest.raises(Denied):
        await people.set_up(old, "eve", PASSWORD, "")


async def test_a_session_says_who_one_is_until_it_is_ended(people: People) -> None:
    secret = await people.sign_in("ada", PASSWORD, "127.0.0.1")
    who = await people.of_session(secret)
    assert who is not None
    assert (who.name, who.role) == ("ada", "admin")
    assert len(who.csrf) > 20
    await people.sign_out(secret)
    assert await people.of_session(secret) is None


@pytest.mark.parametrize(("name", "password"), [("ada", "wrong password"), ("eve", PASSWORD)])
async def test_unknown_names_and_wrong_passwords_are_told_alike(
    people: People, name: str, password: str
) -> None:
    with pytest.raises(NotKnown, match="name and password do not go together"):
        await people.sign_in(name, password, "127.0.0.1")


async def test_passwords_cannot_be_tried_for_ever(people: People) -> None:
    for _ in range(6):
        with pytest.raises(NotKnown):
            await people.sign_in("ada", "wrong password", "127.0.0.1")
    with pytest.raises(TooOften):
        await people.sign_in("ada", PASSWORD, "127.0.0.1")


async def test_passwords_cannot_be_tried_side_by_side(people: People) -> None:
    tries = (people.sign_in("ada", f"wrong password {n}", "127.0.0.1") for n in range(40))
    ends = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(end, NotKnown) for end in ends) <= 8
    assert all(isinstance(end, NotKnown | TooOften) for end in ends)


async def test_a_new_password_ends_the_sessions(people: People) -> None:
    secret = await people.sign_in("ada", PASSWORD, "")
    await people.change_user(ADMIN, "", "ada", UserChange(password="another sentence"))
    assert await people.of_session(secret) is None
    assert await people.sign_in("ada", "another sentence", "")


async def test_an_administrator_is_always_left(people: People) -> None:
    for act in (
        people.remove_user(ADMIN, "", "ada"),
        people.change_user(ADMIN, "", "ada", UserChange(role="viewer")),
        people.change_user(ADMIN, "", "ada", UserChange(disabled=True)),
    ):
        with pytest.raises(Taken, match="last administrator"):
            await act
    assert [user.name for user in await people.everybody()] == ["ada"]


async def test_what_no_user_can_be(people: People) -> None:
    for name, role, password, scope in (
        ("", "viewer", PASSWORD, ""),
        ("a b", "viewer", PASSWORD, ""),
        ("bob", "king", PASSWORD, ""),
        ("bob", "viewer", "short", ""),
        ("bob", "viewer", PASSWORD, "site=(("),
    ):
        with pytest.raises(Refused):
            await people.add_user(ADMIN, "", name, role, password, scope)
    with pytest.raises(Unknown):
        await people.change_user(ADMIN, "", "nobody", UserChange(role="admin"))


async def test_tokens_speak_for_their_role_until_they_expire_or_are_withdrawn(
    people: People,
) -> None:
    secret, number = await people.give_out(ADMIN, "", role="viewer", scope="site=oslo")
    who = await people.of_token(secret)
    assert who is not None
    assert (who.kind, who.role, who.scope) == ("token", "viewer", "site=oslo")
    await people.withdraw_token(ADMIN, "", number)
    assert await people.of_token(secret) is None
    short, _ = await people.give_out(ADMIN, "", role="viewer", expires_s=1e-9)
    assert await people.of_token(short) is None


async def test_the_log_tells_what_was_done_and_no_secret(people: People) -> None:
    await people.add_user(ADMIN, "10.0.0.9", "bob", "viewer", PASSWORD)
    await people.change_user(ADMIN, "10.0.0.9", "bob", UserChange(password="another sentence"))
    secret, _ = await people.give_out(ADMIN, "10.0.0.9", role="operator")
    lines = await people.audit(None, 10)
    assert [line.action for line in lines] == [
        "token.given", "user.changed", "user.added", "hub.set-up",
    ]  # fmt: skip
    assert lines[1].detail == {"password": "changed"}
    assert lines[1].remote == "10.0.0.9"
    text = repr(lines)
    assert secret not in text
    assert PASSWORD not in text
    assert "another sentence" not in text
