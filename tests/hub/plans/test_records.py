"""Floor plans in either kind of database."""

import pytest

from sightline.hub.plans import records
from sightline.hub.plans.drawing import Drawing, DrawingView
from sightline.hub.plans.layout import Layout
from sightline.hub.refused import Stale, Unknown
from sightline.hub.store.database import Database

BODY = bytes(range(256)) * 40
DRAWN = Drawing(DrawingView("image/png", 3, 2, "ab" * 32, len(BODY)), BODY)
SHOP = Layout(site="oslo", size=(12.5, 8), walls=(((0, 0), (12.5, 0)),))


async def test_what_is_put_is_found_again_until_it_is_removed(database_url: str) -> None:
    async with Database(database_url) as database:
        made = await database.write(lambda c: records.put(c, "Étage 2", SHOP, "user ada", 0))
        assert (made.layout, made.drawing, made.version) == (SHOP, None, 1)
        drawn = await database.write(lambda c: records.draw(c, "Étage 2", DRAWN, "user bob", 1))
        assert (drawn.drawing, drawn.version, drawn.changed_by) == (DRAWN.view, 2, "user bob")
        await database.write(lambda c: records.put(c, "attic", Layout(size=(3, 3)), "x", None))
        listed = await database.read(records.listed)
        assert sorted(plan.name for plan in listed) == ["attic", "Étage 2"]
        assert drawn in listed
        assert await database.read(lambda c: records.listed(c, "oslo")) == [drawn]
        assert await database.read(lambda c: records.drawing_of(c, "Étage 2")) == DRAWN
        with pytest.raises(Stale, match="version 2, not 1"):
            await database.write(lambda c: records.remove(c, "Étage 2", 1))
        await database.write(lambda c: records.remove(c, "Étage 2", 2))
        for read in (records.shown, records.drawing_of):
            with pytest.raises(Unknown):
                await database.read(lambda c, read=read: read(c, "Étage 2"))  # type: ignore[misc]


async def test_what_a_change_that_fails_would_have_done_is_undone(database_url: str) -> None:
    async with Database(database_url) as database:
        await database.write(lambda c: records.put(c, "shop", SHOP, "x", None))
        await database.write(lambda c: records.draw(c, "shop", DRAWN, "x", None))
        with pytest.raises(Stale):
            await database.write(lambda c: records.draw(c, "shop", None, "x", 7))
        assert (await database.read(lambda c: records.shown(c, "shop"))).drawing == DRAWN.view
