"""Somebody's own agents, mechanisms, prices and clocks, named by file or module."""

from __future__ import annotations

import hashlib
import multiprocessing
import operator
import os
import pickle
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from dexsim.errors import AmountTypeError, ScenarioError
from dexsim.plugins import source_of
from dexsim.scenario.inputs import pack, sources
from dexsim.scenario.reading import load, loads
from dexsim.scenario.scenario import Experiment, Scenario
from dexsim.scenario.settings import apply
from dexsim.scenario.writing import dumps

MINE = """\
from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from dexsim.description import Tokens


@dataclass(frozen=True, kw_only=True)
class Momentum:
    market: str
    window: int = 20
    size: str = "1"
    share: float = 0.5
    exact: Decimal = Decimal(1)
    sizes: tuple[int, ...] = ()
    either: int | None = None
    funds: Tokens = "0"

    def __post_init__(self):
        if self.window == 13:
            raise ValueError("13 is unlucky")

    def start(self, setup):
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class Lazy:
    pass


@dataclass(frozen=True, kw_only=True)
class Disabled:
    enabled: int = 5


@dataclass(frozen=True, kw_only=True)
class Lifo:
    depth: int = 1

    def settle(self, orders, desk):
        raise NotImplementedError

    def sequence(self, entries, *, base_fee, rng):
        return entries[::-1]


@dataclass(frozen=True, kw_only=True)
class Tide:
    start: str = "2"
    path: str = ""

    def begin(self, streams, start_ms):
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class Slow:
    mean_seconds: int = 60

    def start(self, streams, start_ms):
        raise NotImplementedError


class NoDataclass:
    pass
"""

WORLD = """\
schema = 1
mechanism = { kind = "./mine.py:Lifo", depth = 2 }
clock = { kind = "./mine.py:Slow" }
[world.tokens]
WETH = { kind = "weth" }
USDC = { decimals = 6 }
[world.prices.WETH]
kind = "./mine.py:Tide"
[world.venues.v]
[world.markets.main]
venue = "v"
pair = "WETH/USDC"
base_reserve = "1"
quote_reserve = "2000"
[agents.mine]
kind = "./mine.py:Momentum"
market = "main"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A scenario of which everything that can be somebody's own is."""
    (tmp_path / "mine.py").write_text(MINE)
    path = tmp_path / "mine.toml"
    path.write_text(WORLD)
    return path


def _load(file: Path) -> Scenario:
    scenario = load(file)
    assert isinstance(scenario, Scenario)
    return scenario


def _refused(file: Path, more: str) -> ScenarioError:
    file.write_text(WORLD + more)
    with pytest.raises(ScenarioError) as caught:
        load(file)
    assert str(caught.value).startswith(f"{file}: ")
    return caught.value


def _importing_refused(file: Path, source: str) -> ScenarioError:
    (file.parent / "mine.py").write_text(source)
    with pytest.raises(ScenarioError) as caught:
        load(file)
    assert caught.value.file == str(file)
    assert caught.value.key == "clock.kind"
    return caught.value


def test_classes_come_from_the_file_beside_the_scenario(file: Path) -> None:
    scenario = _load(file)
    mine = scenario.agents["mine"]
    assert (type(mine).__name__, mine.market, mine.window) == ("Momentum", "main", 20)
    assert scenario.mechanism.depth == 2
    assert scenario.clock.mean_seconds == 60
    assert scenario.world.prices["WETH"].start == "2"


def test_file_read_twice_gives_equal_scenarios(file: Path) -> None:
    assert _load(file) == _load(file)


def test_edited_file_is_read_anew_and_does_not_change_what_was_read(file: Path) -> None:
    before = _load(file)
    (file.parent / "mine.py").write_text(MINE.replace("window: int = 20", "window: int = 21"))
    after = _load(file)
    assert (before.agents["mine"].window, after.agents["mine"].window) == (20, 21)
    assert before != after
    assert pickle.loads(pickle.dumps(before)) == before
    assert source_of(type(before.agents["mine"])) != source_of(type(after.agents["mine"]))


def test_class_comes_from_a_module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "own_agents.py").write_text(MINE)
    monkeypatch.syspath_prepend(tmp_path)
    scenario = loads(WORLD.replace("./mine.py:", "own_agents:"))
    assert isinstance(scenario, Scenario)
    assert type(scenario.agents["mine"]).__module__ == "own_agents"
    assert 'kind = "own_agents:Momentum"' in dumps(scenario)
    assert loads(dumps(scenario)) == scenario
    assert sources(scenario) == {str((tmp_path / "own_agents.py").resolve()): MINE.encode()}


@pytest.mark.parametrize(
    ("more", "key", "told"),
    [
        ("widow = 5", "widow", "unknown key 'widow'; did you mean window?"),
        ('window = "5"', "window", "valid integer, not '5'"),
        ("window = 5.0", "window", "valid integer, not 5.0"),
        ("window = true", "window", "valid integer, not True"),
        ("size = 1.5", "size", "valid string, not 1.5"),
        ("size = 1", "size", "valid string, not 1"),
        ('share = "0.5"', "share", "valid number, not '0.5'"),
        ('sizes = [1, "2"]', "sizes.1", "valid integer, not '2'"),
        ('either = "5"', "either", "valid integer, not '5'"),
        ("funds = 5", "funds", 'written as text: "5"'),
        ("window = 13", "", "Momentum refuses: ValueError: 13 is unlucky"),
        ("enabled = 1", "enabled", "true or false, not 1"),
    ],
)
def test_value_that_an_annotation_refuses_is_told(
    file: Path, more: str, key: str, told: str
) -> None:
    error = _refused(file, more)
    assert error.key == f"agents.mine.{key}".rstrip(".")
    assert told in error.problem
    assert isinstance(error, AmountTypeError) == ("funds" in more)


def test_missing_key_is_told(file: Path) -> None:
    error = _refused(file, '[agents.more]\nkind = "./mine.py:Momentum"')
    assert (error.key, error.problem) == ("agents.more.market", "is missing")


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("./mine.py:Momentun", "unknown class 'Momentun'; did you mean Momentum?"),
        ("./mine.py:dataclass", "unknown class 'dataclass'"),
        ("./gone.py:Momentum", "gone.py: cannot be read: No such file"),
        ("./mine.py:NoDataclass", "NoDataclass is no dataclass; put @dataclass"),
        ("./mine.py:Disabled", "cannot have a field called enabled"),
        ("no.such.module:Thing", "ModuleNotFoundError: No module named 'no'"),
    ],
)
def test_kind_that_leads_nowhere_is_told(file: Path, kind: str, told: str) -> None:
    error = _refused(file, f'[agents.more]\nkind = "{kind}"')
    assert error.key == "agents.more.kind"
    assert told in error.problem


def test_class_that_is_no_agent_is_told(file: Path) -> None:
    error = _refused(file, '[agents.more]\nkind = "./mine.py:Lazy"')
    assert error.key == "agents.more"
    assert "is no agent: it has no start()" in error.problem


@pytest.mark.parametrize(
    ("old", "key", "told"),
    [
        ("./mine.py:Slow", "clock", "is no clock: it has no start"),
        ("./mine.py:Lifo", "mechanism", "is no mechanism: it has neither sequence"),
        ("./mine.py:Tide", "world.prices.WETH", "is no price process"),
    ],
)
def test_class_that_is_no_such_part_is_told(file: Path, old: str, key: str, told: str) -> None:
    file.write_text(WORLD.replace(old, "./mine.py:Lazy").replace(", depth = 2", ""))
    with pytest.raises(ScenarioError) as caught:
        load(file)
    assert caught.value.key == key
    assert told in caught.value.problem


def test_syntax_error_in_the_file_is_told_with_its_line(file: Path) -> None:
    error = _importing_refused(file, "x = 1\ndef start(self:\n    pass\n")
    mine = (file.parent / "mine.py").resolve()
    assert f"cannot be loaded: {mine}, line 2: '(' was never closed" in error.problem


def test_exception_at_import_is_told_with_its_line(file: Path) -> None:
    error = _importing_refused(file, "import json\n\njson.loads('{')\n")
    mine = (file.parent / "mine.py").resolve()
    assert f"cannot be loaded: {mine}, line 3: JSONDecodeError" in error.problem


def test_file_that_ends_the_process_does_not(file: Path) -> None:
    assert "line 2: SystemExit: 3" in _importing_refused(file, "import sys\nsys.exit(3)\n").problem


def test_failed_import_is_tried_again(file: Path) -> None:
    _importing_refused(file, "raise ValueError(5)\n")
    (file.parent / "mine.py").write_text(MINE)
    _load(file)


def test_spawned_process_gets_the_scenario(file: Path) -> None:
    scenario = _load(file)
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        assert pool.submit(dumps, scenario).result(timeout=60) == dumps(scenario)
        agents = pool.submit(operator.attrgetter("agents"), scenario).result(timeout=60)
    assert agents == scenario.agents


def test_process_that_knows_nothing_yet_reads_a_single_agent(file: Path, tmp_path: Path) -> None:
    (tmp_path / "agent.pickle").write_bytes(pickle.dumps(_load(file).agents["mine"]))
    script = "import pickle, sys; print(pickle.load(open(sys.argv[1], 'rb')))"
    done = _python(script, tmp_path / "agent.pickle", cwd="/")
    assert done.stdout.startswith("Momentum(market='main', window=20")


def test_process_that_finds_another_file_says_so(file: Path, tmp_path: Path) -> None:
    (tmp_path / "agent.pickle").write_bytes(pickle.dumps(_load(file)))
    script = "import pickle, sys; pickle.load(open(sys.argv[1], 'rb'))"
    (tmp_path / "mine.py").write_text(MINE + "# edited\n")
    assert (
        "has changed since the scenario was read"
        in _python(script, tmp_path / "agent.pickle", code=1).stderr
    )
    (tmp_path / "mine.py").unlink()
    assert (
        "cannot be read: No such file" in _python(script, tmp_path / "agent.pickle", code=1).stderr
    )


def test_written_text_names_the_file_and_reads_back(file: Path) -> None:
    scenario = _load(file)
    mine = (file.parent / "mine.py").resolve()
    assert f'kind = "{mine}:Momentum"' in dumps(scenario)
    assert loads(dumps(scenario)) == scenario


def test_source_is_what_was_loaded_with_its_hash(file: Path) -> None:
    scenario = _load(file)
    mine = (file.parent / "mine.py").resolve()
    mine.write_text("something else")
    source = source_of(type(scenario.agents["mine"]))
    assert source is not None
    assert (source.path, source.content) == (str(mine), MINE.encode())
    assert source.sha256 == hashlib.sha256(MINE.encode()).hexdigest()
    assert sources(scenario) == {str(mine): MINE.encode()}


def test_class_inside_another_process_is_a_source_too(file: Path) -> None:
    file.write_text(
        WORLD.replace('"./mine.py:Tide"', '"sessions"\nprocess = { kind = "./tide.py:Tide" }')
    )
    (file.parent / "tide.py").write_text(f"# tide\n{MINE}")
    scenario = _load(file)
    assert loads(dumps(scenario)) == scenario
    assert [Path(path).name for path in sources(scenario)] == ["mine.py", "tide.py"]
    (file.parent / "tide.py").write_text("edited")
    assert list(sources(scenario).values())[1] == f"# tide\n{MINE}".encode()


def test_packed_scenario_lives_in_another_place(file: Path, tmp_path: Path) -> None:
    csv = "time,price\n2024-01-01,2000\n"
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "mine.py").write_text("# another one\n" + MINE)
    (tmp_path / "weth.csv").write_text(csv)
    file.write_text(
        WORLD.replace(
            'kind = "./mine.py:Tide"',
            'kind = "sessions"\nprocess = { kind = "csv", path = "weth.csv" }',
        )
        + '[agents.other]\nkind = "a/mine.py:Momentum"\nmarket = "main"\n'
        + "[arms.x]\n[arms.y]\n"
        + '"world.prices.WETH" = { kind = "./mine.py:Tide", path = "weth.csv" }\n'
    )
    experiment = load(file)
    assert isinstance(experiment, Experiment)
    packed = pack(experiment)
    assert packed.files == {
        "inputs/mine.py": MINE.encode(),
        "inputs/mine-2.py": b"# another one\n" + MINE.encode(),
        "inputs/weth.csv": csv.encode(),
    }
    assert str(tmp_path) not in packed.toml
    there = tmp_path / "there"
    (there / "inputs").mkdir(parents=True)
    for name, content in packed.files.items():
        (there / name).write_bytes(content)
    again = loads(packed.toml, folder=there)
    assert pack(again) == packed
    assert isinstance(again, Experiment)
    assert again.base.agents["other"].market == "main"


def test_relative_kind_in_a_setting_is_seen_from_the_working_directory(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenario = _load(file)
    monkeypatch.chdir(file.parent)
    assert apply(scenario, {"mechanism": {"kind": "./mine.py:Lifo", "depth": 2}}) == scenario


def _python(
    script: str, *args: object, code: int = 0, cwd: str | None = None
) -> subprocess.CompletedProcess[str]:
    root = str(Path(__file__).resolve().parents[2])
    paths = [*filter(None, [os.environ.get("PYTHONPATH")]), root]  # a tested wheel comes first
    here = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    command = [sys.executable, "-c", script, *map(str, args)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=60, env=here, cwd=cwd
    )
    assert done.returncode == code, done.stderr
    return done
