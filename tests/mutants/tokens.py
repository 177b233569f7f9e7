"""Faults in what all tokens share, in the liquidity token's own words, and in calls to foreign tokens."""

from __future__ import annotations

from tests.mutants.mutant import Mutant

_UNLIMITED = "    if allowed == max_value(uint256):\n        return\n"
_SPEND = "    self._spend_allowance(owner, msg.sender, amount)\n"
_NONCE = "    self.nonces[owner] = unsafe_add(nonce, 1)\n"
_TRANSFER_ANSWER = """\
    if len(answer) == 0:
        return success
    return success and len(answer) == 32 and convert(answer, uint256) != 0


@internal
def _transfer_from("""

ALLOWANCE = [
    Mutant(
        "an unlimited allowance is spent",
        "erc20.vy",
        _UNLIMITED,
        "",
        "test_lp_token_and_permit.py::test_unlimited_allowance_is_never_spent[pool]",
        always=True,
    ),
    Mutant(
        "an allowance from half of the range on is unlimited",
        "erc20.vy",
        "if allowed == max_value(uint256):",
        "if allowed >= 2**255:",
        "test_lp_token_and_permit.py::test_unlimited_allowance_is_never_spent[pool]",
    ),
    Mutant(
        "an allowance is not spent",
        "erc20.vy",
        "    self.allowance[owner][spender] = unsafe_sub(allowed, amount)\n",
        "",
        "test_lp_token_and_permit.py::test_allowance_covers_its_amount_and_not_one_more[pool]",
    ),
    Mutant(
        "no allowance is needed",
        "erc20.vy",
        _SPEND,
        "",
        "test_lp_token_and_permit.py::test_allowance_covers_its_amount_and_not_one_more[pool]",
    ),
    Mutant(
        "an allowance must be greater than the amount",
        "erc20.vy",
        "if allowed < amount:",
        "if allowed <= amount:",
        "test_lp_token_and_permit.py::test_allowance_covers_its_amount_and_not_one_more[pool]",
    ),
    Mutant(
        "an allowance is looked for at the spender",
        "erc20.vy",
        "allowed: uint256 = self.allowance[owner][spender]",
        "allowed: uint256 = self.allowance[spender][owner]",
        "test_lp_token_and_permit.py::test_allowance_covers_its_amount_and_not_one_more[pool]",
    ),
    Mutant(
        "an approval adds to the one before",
        "erc20.vy",
        "    self.allowance[owner][spender] = amount\n",
        "    self.allowance[owner][spender] = unsafe_add(self.allowance[owner][spender], amount)\n",
        "test_lp_token_and_permit.py::test_permit_sets_the_allowance_once[pool]",
    ),
    Mutant(
        "transferFrom tells what is left of the allowance",
        "erc20.vy",
        "    self.allowance[owner][spender] = unsafe_sub(allowed, amount)\n",
        "    self._approve(owner, spender, unsafe_sub(allowed, amount))\n",
        "test_lp_token_and_permit.py::test_allowance_covers_its_amount_and_not_one_more[pool]",
    ),
]

BALANCES = [
    Mutant(
        "who has too little gets nearly everything",
        "erc20.vy",
        '    if balance < amount:\n        self._refuse("insufficient balance")\n',
        "",
        "test_lp_token_and_permit.py::test_transfer_moves_the_whole_balance_and_not_one_more[pool]",
    ),
    Mutant(
        "the last unit of a balance cannot be moved",
        "erc20.vy",
        "if balance < amount:",
        "if balance <= amount:",
        "test_lp_token_and_permit.py::test_transfer_moves_the_whole_balance_and_not_one_more[pool]",
    ),
    Mutant(
        "a transfer to oneself doubles what one has",
        "erc20.vy",
        "    self._take(owner, amount)\n    self._give(to, amount)\n    log",
        "    had: uint256 = self.balanceOf[to]\n"
        "    self._take(owner, amount)\n"
        "    self.balanceOf[to] = unsafe_add(had, amount)\n"
        "    log",
        "test_lp_token_and_permit.py::test_nobody_is_refused_for_an_address[pool]",
    ),
    Mutant(
        "the zero address gets nothing",
        "erc20.vy",
        "    self._take(owner, amount)\n    self._give(to, amount)\n",
        '    assert to != empty(address), "token: zero address"\n'
        "    self._take(owner, amount)\n    self._give(to, amount)\n",
        "test_lp_token_and_permit.py::test_nobody_is_refused_for_an_address[pool]",
    ),
    Mutant(
        "a burn leaves the supply",
        "erc20.vy",
        "    self.totalSupply = unsafe_sub(self.totalSupply, amount)\n",
        "",
        "test_token_contracts.py::test_holders_burn_what_they_have_and_not_one_more",
    ),
    Mutant(
        "the supply wraps at 256 bits",
        "erc20.vy",
        "    self.totalSupply += amount\n",
        "    self.totalSupply = unsafe_add(self.totalSupply, amount)\n",
        "test_token_contracts.py::test_supply_cannot_pass_256_bits",
    ),
    Mutant(
        "Transfer names the spender as the owner",
        "erc20.vy",
        "log IERC20.Transfer(sender=owner, receiver=to, value=amount)",
        "log IERC20.Transfer(sender=msg.sender, receiver=to, value=amount)",
        "test_router_contract.py::test_removal_pays_and_tells_what_the_spec_says",
    ),
]

PERMIT = [
    Mutant(
        "a permit counts again and again",
        "erc20.vy",
        _NONCE,
        "",
        "test_lp_token_and_permit.py::test_permit_sets_the_allowance_once[pool]",
        always=True,
    ),
    Mutant(
        "a permit that is not accepted uses up the nonce and passes",
        "erc20.vy",
        '        self._refuse("invalid signature")\n',
        "        self.nonces[owner] = unsafe_add(nonce, 1)\n        return\n",
        "test_lp_token_and_permit.py::test_permit_with_a_wrong_signature_is_refused[pool-signer]",
    ),
    Mutant(
        "everybody can sign for the zero address",
        "erc20.vy",
        "if signer == empty(address) or signer != owner:",
        "if signer != owner:",
        "test_lp_token_and_permit.py::test_nobody_can_sign_for_the_zero_address[pool]",
    ),
    Mutant(
        "anybody's signature counts",
        "erc20.vy",
        "if signer == empty(address) or signer != owner:",
        "if signer == empty(address):",
        "test_lp_token_and_permit.py::test_permit_with_a_wrong_signature_is_refused[pool-signer]",
    ),
    Mutant(
        "a permit has no deadline",
        "erc20.vy",
        '    if deadline < block.timestamp:\n        self._refuse("expired")\n',
        "",
        "test_lp_token_and_permit.py::test_permit_passes_at_its_deadline_and_not_a_second_later[pool]",
    ),
    Mutant(
        "a permit ends a second before its deadline",
        "erc20.vy",
        "if deadline < block.timestamp:",
        "if deadline <= block.timestamp:",
        "test_lp_token_and_permit.py::test_permit_passes_at_its_deadline_and_not_a_second_later[pool]",
    ),
    Mutant(
        "the deadline is not part of what is signed",
        "erc20.vy",
        "amount, nonce, deadline)\n    )\n",
        "amount, nonce, max_value(uint256))\n    )\n",
        "test_lp_token_and_permit.py::test_permit_passes_at_its_deadline_and_not_a_second_later[pool]",
    ),
    Mutant(
        "the amount is not part of what is signed",
        "erc20.vy",
        "abi_encode(PERMIT_TYPEHASH, owner, spender, amount, nonce, deadline)",
        "abi_encode(PERMIT_TYPEHASH, owner, spender, empty(uint256), nonce, deadline)",
        "test_lp_token_and_permit.py::test_permit_sets_the_allowance_once[pool]",
    ),
    Mutant(
        "a permit is for whoever brings it",
        "erc20.vy",
        "    self._approve(owner, spender, amount)\n\n\n@internal",
        "    self._approve(owner, msg.sender, amount)\n\n\n@internal",
        "test_lp_token_and_permit.py::test_a_permit_is_for_the_named_spender_whoever_brings_it[pool]",
    ),
    Mutant(
        "a permit counts the nonces of the spender",
        "erc20.vy",
        "nonce: uint256 = self.nonces[owner]",
        "nonce: uint256 = self.nonces[spender]",
        "test_lp_token_and_permit.py::test_permit_sets_the_allowance_once[pool]",
    ),
    Mutant(
        "a permit of another chain counts here",
        "erc20.vy",
        "_VERSION_HASH, chain.id, self)",
        "_VERSION_HASH, convert(1, uint256), self)",
        "test_lp_token_and_permit.py::test_domain_separator_names_token_and_chain[pool]",
    ),
    Mutant(
        "a permit of another token of the same name counts here",
        "erc20.vy",
        "_VERSION_HASH, chain.id, self)",
        "_VERSION_HASH, chain.id, empty(address))",
        "test_lp_token_and_permit.py::test_domain_separator_names_token_and_chain[pool]",
    ),
    Mutant(
        "permits are of another version",
        "erc20.vy",
        'keccak256("1")',
        'keccak256("2")',
        "test_lp_token_and_permit.py::test_domain_separator_names_token_and_chain[pool]",
    ),
    Mutant(
        "the liquidity token signs under another name than it has",
        "lp_token.vy",
        'erc20.__init__(name, "pool")',
        'erc20.__init__(symbol, "pool")',
        "test_lp_token_and_permit.py::test_domain_separator_names_token_and_chain[pool]",
        always=True,
    ),
    Mutant(
        "the liquidity token refuses in another contract's name",
        "lp_token.vy",
        'erc20.__init__(name, "pool")',
        'erc20.__init__(name, "token")',
        "test_lp_token_and_permit.py::test_allowance_covers_its_amount_and_not_one_more[pool]",
    ),
]

FOREIGN = [
    Mutant(
        "a token that answers False has paid",
        "token_calls.vy",
        _TRANSFER_ANSWER,
        _TRANSFER_ANSWER.replace(" and convert(answer, uint256) != 0", ""),
        "test_pool_refusals.py::test_a_token_that_does_not_pay_is_refused_with_the_pools_reason[false_return]",
        always=True,
    ),
    Mutant(
        "a token that answers nothing has not paid",
        "token_calls.vy",
        _TRANSFER_ANSWER,
        _TRANSFER_ANSWER.replace("return success\n", "return False\n"),
        "test_pool_refusals.py::test_tokens_without_return_value_can_be_traded",
    ),
    Mutant(
        "a token that reverts without a word has paid",
        "token_calls.vy",
        _TRANSFER_ANSWER,
        _TRANSFER_ANSWER.replace("return success\n", "return True\n").replace(
            "return success and", "return not success or"
        ),
        "test_pool_refusals.py::test_a_token_that_does_not_pay_is_refused_with_the_pools_reason[reverting]",
    ),
    Mutant(
        "only the answer 1 is a yes",
        "token_calls.vy",
        _TRANSFER_ANSWER,
        _TRANSFER_ANSWER.replace("!= 0", "== 1"),
        "hostile/test_tokens_that_answer_oddly.py::test_any_first_word_but_zero_is_a_yes_and_so_is_silence",
    ),
    Mutant(
        "an answer of less than a word is a yes",
        "token_calls.vy",
        _TRANSFER_ANSWER,
        _TRANSFER_ANSWER.replace("len(answer) == 32 and ", ""),
        "hostile/test_tokens_that_answer_oddly.py::test_zero_or_less_than_a_word_is_a_no_whatever_was_moved",
    ),
]
