"""Which chains are deployed to, and what has to be said first."""

from __future__ import annotations

from pathlib import Path

import pytest

from dexsim.chain.node import Node
from dexsim.chain.node_url import how_to_start, shown
from dexsim.cli import main
from dexsim.errors import DeploymentError, ScenarioError
from dexsim.market.deploying.networks import LOCAL, PUBLIC, check_network
from tests.anvil import running


@pytest.mark.parametrize("chain_id", LOCAL)
def test_local_chains_need_no_further_words(chain_id: int) -> None:
    check_network(chain_id, None)


@pytest.mark.parametrize("chain_id", PUBLIC)
def test_public_chains_are_refused_unless_both_words_are_said(chain_id: int) -> None:
    for said in (None, chain_id):
        with pytest.raises(DeploymentError, match=PUBLIC[chain_id]):
            check_network(chain_id, said)
    with pytest.raises(ScenarioError, match=f"--chain-id {chain_id}"):
        check_network(chain_id, None, public=True)
    check_network(chain_id, chain_id, public=True)


@pytest.mark.parametrize("public", [False, True])
def test_an_unknown_chain_has_to_be_said(public: bool) -> None:
    with pytest.raises(ScenarioError, match="--chain-id 4242"):
        check_network(4242, None, public=public)
    check_network(4242, 4242, public=public)
    with pytest.raises(DeploymentError, match="on chain 4242, not on 4243"):
        check_network(4242, 4243, public=public)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("http://127.0.0.1:8545", "http://127.0.0.1:8545"),
        ("https://user:secret@node.example/rpc", "https://***@node.example/rpc"),
        ("https://node.example/v3/0123456789abcdef0123456789abcdef", "https://node.example/v3/***"),
        ("https://node.example/rpc?apikey=secret", "https://node.example/rpc?***"),
    ],
)
def test_a_url_is_told_without_what_gives_access(url: str, told: str) -> None:
    assert shown(url) == told


def test_what_starts_a_node_is_told_for_this_machine_alone() -> None:
    assert "`dexsim node --port 8599`" in how_to_start("http://127.0.0.1:8599")
    assert "`dexsim node --port 8545`" in how_to_start("http://localhost")
    assert "dexsim node" not in how_to_start("https://node.example")
    assert "check the URL" in how_to_start("http://127.0.0.1:99999")


# --- hard forks ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hardfork", "missing"),
    [
        ("berlin", ("PUSH0", "MCOPY", "TLOAD")),
        ("london", ("PUSH0", "MCOPY", "TLOAD")),
        ("shanghai", ("MCOPY", "TLOAD")),
        ("cancun", ()),
        ("prague", ()),
    ],
)
def test_an_old_chain_is_told_before_anything_is_sent(
    hardfork: str, missing: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with running(hardfork=hardfork) as url:
        node = Node.connect(url)
        assert node.missing_instructions() == missing
        code = main(["deploy", "tokens", "--rpc", url, "--apply", "--dir", str(tmp_path)])
        told = capsys.readouterr()
        if missing:
            assert code == 1
            assert f"does not know {', '.join(missing)}" in told.err
            assert node.number == 0
        else:
            assert code == 0
            assert "3 transactions sent" in told.out


def test_the_chains_in_process_know_every_instruction() -> None:
    assert Node.eth_tester().missing_instructions() == ()
