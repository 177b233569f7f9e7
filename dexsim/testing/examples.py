"""Every Hypothesis example begins with the same chain.

Hypothesis calls the body of a test again and again with the same fixtures. Around each of these
calls, the chains among the fixtures are put back as they were when the test began. So Hypothesis's
health check of fixtures that live through all examples is done here instead: it fails for those
that are neither dexsim's own nor rest on a chain, unless it is suppressed.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest

from dexsim.chain.chain import Chain
from dexsim.testing.closures import FixtureGraph
from dexsim.testing.stages import untouched


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Before Hypothesis looks at the test, and around all of its examples."""
    with _isolated(item):
        return (yield)


def is_property(item: pytest.Item) -> bool:
    """Whether a test is one of Hypothesis's."""
    return getattr(getattr(item, "obj", None), "hypothesis", None) is not None


@contextmanager
def _isolated(item: pytest.Item) -> Iterator[None]:
    chains = _chains(getattr(item, "funcargs", {}))
    if not chains or not is_property(item):
        yield
        return
    test = getattr(item, "obj")  # noqa: B009 - only items of functions have it
    handle, function = test.hypothesis, getattr(test, "__func__", test)
    body, settings = handle.inner_test, getattr(function, _SETTINGS, None)
    try:
        handle.inner_test = _put_back(body, list(chains.values()))
        if settings is not None:
            setattr(function, _SETTINGS, _checked(settings, _loose(item, chains)))
        yield
    finally:
        handle.inner_test = body
        setattr(function, _SETTINGS, settings)


_SETTINGS = "_hypothesis_internal_use_settings"  # where its own pytest plugin looks


def _chains(fixtures: dict[str, Any]) -> dict[str, Chain]:
    """The chains among fixtures, by the fixture's name (and a number): each once."""
    found: dict[str, Chain] = {}
    for name, value in fixtures.items():
        for number, each in enumerate(_chains_in(value)):
            if all(each is not known for known in found.values()):
                found[f"{name} #{number}" if number else name] = each
    return found


def _chains_in(value: Any) -> Iterator[Chain]:
    """A value itself, or as `chain` of a handle; of a tuple, list or dict what is in it."""
    if isinstance(value, tuple | list | dict):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _chains_in(each)
        return
    for each in (value, getattr(value, "chain", None)):
        if isinstance(each, Chain):
            yield each


def _put_back(body: Callable[..., Any], chains: list[Chain]) -> Callable[..., Any]:
    @functools.wraps(body)
    def example(*args: Any, **kwargs: Any) -> Any:
        with ExitStack() as stack:
            for chain in chains:
                stack.enter_context(untouched(chain))
            return body(*args, **kwargs)

    return example


def _loose(item: pytest.Item, chains: dict[str, Chain]) -> list[str]:
    """The test's fixtures that live through all examples and are not put back."""
    graph = FixtureGraph(item)
    named = inspect.signature(getattr(item, "obj")).parameters  # noqa: B009
    return [
        name
        for name in named
        if graph.scope(name) == "function"
        and not graph.is_ours(name)
        and not graph.needed_by(name) & chains.keys()
    ]


def _checked(settings: Any, loose: list[str]) -> Any:
    """Hypothesis's health check done here, where it is known what is put back."""
    from hypothesis import HealthCheck
    from hypothesis import settings as make
    from hypothesis.errors import FailedHealthCheck

    check = HealthCheck.function_scoped_fixture
    if check in settings.suppress_health_check:
        return settings
    if loose:
        raise FailedHealthCheck(
            f"the fixture {loose[0]!r} is made once for all examples, and does not rest on the "
            "chain, which alone is put back for each: make what it gives inside of the test, or "
            "suppress HealthCheck.function_scoped_fixture"
        )
    return make(parent=settings, suppress_health_check={*settings.suppress_health_check, check})
