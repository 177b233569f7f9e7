"""py-evm's own machines by fork, for a chain that is py-evm's altogether (eth-tester)."""

from __future__ import annotations

from typing import Any

from eth.vm.forks.cancun import CancunVM
from eth.vm.forks.prague import PragueVM
from eth.vm.forks.shanghai import ShanghaiVM

VMS: dict[str, type[Any]] = {"shanghai": ShanghaiVM, "cancun": CancunVM, "prague": PragueVM}
