"""The built-in plans by name."""

from __future__ import annotations

from dexsim.description import unknown
from dexsim.errors import ScenarioError
from dexsim.market.deploying.exchange import exchange_plan
from dexsim.market.deploying.plan import Recipe

RECIPES = {
    recipe.name: recipe
    for recipe in (
        Recipe(
            "exchange", "WETH, factory, router, two tokens and their funded pool", exchange_plan
        ),
    )
}


def recipe(name: str) -> Recipe:
    """A built-in plan. Raises ScenarioError naming all of them."""
    if name not in RECIPES:
        raise ScenarioError(unknown(name, list(RECIPES), "plan"), key="PLAN")
    return RECIPES[name]
