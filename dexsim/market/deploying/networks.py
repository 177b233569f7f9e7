"""Which chains a deployment may go to without further words."""

from __future__ import annotations

from collections.abc import Sequence

from dexsim.errors import DeploymentError, ScenarioError

LOCAL = {
    1337: "dexsim, geth --dev",
    31337: "anvil, hardhat",
    131277322940537: "eth-tester",
}
"""Chain ids of chains for development."""

PUBLIC = {
    1: "Ethereum",
    10: "OP Mainnet",
    25: "Cronos",
    56: "BNB Smart Chain",
    97: "BNB Smart Chain testnet",
    100: "Gnosis",
    130: "Unichain",
    137: "Polygon",
    146: "Sonic",
    250: "Fantom",
    324: "ZKsync Era",
    480: "World Chain",
    1101: "Polygon zkEVM",
    5000: "Mantle",
    8453: "Base",
    17000: "Holesky",
    42161: "Arbitrum One",
    42220: "Celo",
    43114: "Avalanche",
    59144: "Linea",
    80002: "Polygon Amoy",
    81457: "Blast",
    84532: "Base Sepolia",
    421614: "Arbitrum Sepolia",
    534352: "Scroll",
    560048: "Hoodi",
    11155111: "Sepolia",
    11155420: "OP Sepolia",
}
"""Chain ids of well-known public networks: the contracts are for simulations, not for them."""


I_KNOW = "--i-know-this-is-a-public-chain"


def check_network(chain_id: int, said: int | None, *, public: bool = False) -> None:
    """Whether something is sent to this chain.

    said: the id that the user named, if any. public: whether they said that they know what they do.
    Raises DeploymentError for a public network, or when the node is on another
    chain than said; ScenarioError when an unknown id was not said.
    """
    if said is not None and said != chain_id:
        raise DeploymentError(f"the node is on chain {chain_id}, not on {said}")
    if chain_id in PUBLIC and not public:
        raise DeploymentError(
            f"chain {chain_id} is {PUBLIC[chain_id]}, a public network, where these contracts hold "
            f"other people's money: refused, unless you say --chain-id {chain_id} {I_KNOW}"
        )
    if said is None and chain_id not in LOCAL:
        known = PUBLIC.get(chain_id, "a chain that dexsim does not know as a local one")
        raise ScenarioError(
            f"the node is on chain {chain_id}, {known}; if you mean it, say --chain-id {chain_id}",
            key="--chain-id",
        )


def check_instructions(chain_id: int, missing: Sequence[str]) -> None:
    """Whether the chain can run the contracts. Raises DeploymentError naming what it lacks."""
    if missing:
        raise DeploymentError(
            f"chain {chain_id} does not know {', '.join(missing)}: its rules are older than the hard fork "
            "Cancun, for which the contracts are compiled; nothing was sent (a local node is told, for "
            "example by anvil --hardfork cancun)"
        )
