"""uniswap-python as it was published, at a venue: quotes and trades in every way that it knows.

Runs in an environment of its own, with an older web3. Arguments: the file that `dexsim deploy` wrote,
the node's URL. Prints JSON.
"""

import json
import sys
from pathlib import Path

from eth_account import Account
from uniswap import Uniswap
from uniswap.constants import ETH_ADDRESS as COIN
from web3 import Web3

ONE, MILLION = 10**18, 10**6
FOREVER = 2**64
RECEIVER = Web3.to_checksum_address("0x00000000000000000000000000000000000fee1d")

deployment = json.loads(Path(sys.argv[1]).read_text())
at = {name: record["address"] for name, record in deployment["contracts"].items()}
web3 = Web3(Web3.HTTPProvider(sys.argv[2]))
BASE, QUOTE = at["BASE"], at["QUOTE"]

# The first account of anvil, which deployed the venue and holds its tokens.
Account.enable_unaudited_hdwallet_features()
wallet = Account.from_mnemonic("test " * 11 + "junk")
venue = {"version": 2, "factory_contract_addr": at["factory"], "router_contract_addr": at["router"]}
client = Uniswap(wallet.address, wallet.key.hex(), web3=web3, **venue)
receiver = Uniswap(RECEIVER, None, web3=web3, **venue)


def mined(tx):
    receipt = web3.eth.wait_for_transaction_receipt(tx, poll_latency=0.02)
    assert receipt["status"] == 1
    return receipt


def open_pool(token, amount, coins):
    """A pool with coins, by the router as the client knows it: it has no such function for v2."""
    opening = client.router.functions.addLiquidityETH(token, amount, 0, 0, wallet.address, FOREVER)
    mined(opening.transact({"from": wallet.address, "value": coins}))


def holds(who, token):
    return who.get_eth_balance() if token == COIN else who.get_token_balance(token)


def trade(sell, pay, get, amount, **options):
    """One trade: what the client quoted, what it sent, what moved. sell: exact input, or exact output."""
    price = client.get_price_input if sell else client.get_price_output
    other = price(pay, get, amount)
    # The client estimates gas on the last block. Had the pool traded in it, it would not write
    # the cumulative prices there, but would in the trade's own block, and run out.
    web3.provider.make_request("evm_mine", [])
    before = holds(client, pay), holds(receiver, get)
    send = client.make_trade if sell else client.make_trade_output
    tx = send(pay, get, amount, recipient=RECEIVER, **options)
    receipt = mined(tx)
    gas = receipt["gasUsed"] * receipt["effectiveGasPrice"] if pay == COIN else 0
    sent = web3.eth.get_transaction(tx)
    function, arguments = client.router.decode_function_input(sent["input"])
    return {
        "method": function.fn_name,
        "path": arguments["path"],
        "value": sent["value"],
        "limits": [arguments.get("amountOutMin"), arguments.get("amountInMax")],
        "quoted": [amount, other] if sell else [other, amount],
        "moved": [before[0] - holds(client, pay) - gas, holds(receiver, get) - before[1]],
    }


def trades(**options):
    """Every function of the client once; limits as the options say."""
    return [
        trade(True, BASE, QUOTE, 3 * ONE + 7, **options),  # always by way of WETH
        trade(False, BASE, QUOTE, 1_234_567_891, **options),
        trade(True, COIN, BASE, ONE + 3, **options),
        trade(False, COIN, QUOTE, 55_555_555, **options),
        trade(True, QUOTE, COIN, 777_777_777, **options),
        trade(False, BASE, COIN, ONE // 7, **options),
    ]


client.approve(BASE)
client.approve(QUOTE)
open_pool(BASE, 900 * ONE, 450 * ONE)
open_pool(QUOTE, 1_700_000 * MILLION, 430 * ONE)
tokens = [client.get_token(token) for token in (BASE, QUOTE, client.get_weth_address())]
seen = {
    "weth": client.get_weth_address(),
    "tokens": [[token.symbol, token.decimals] for token in tokens],
    "price": client.get_raw_price(BASE, QUOTE),
    "fee": client.get_fee_taker(),
    "direct": client.get_price_input(BASE, QUOTE, ONE, route=[BASE, QUOTE]),
    "exact": trades(slippage=0),
    "limited": trades(),
    "taxed": [
        trade(True, BASE, QUOTE, ONE + 9, slippage=0, fee_on_transfer=True),
        trade(True, COIN, QUOTE, ONE // 9, slippage=0, fee_on_transfer=True),
        trade(True, BASE, COIN, ONE // 5, slippage=0, fee_on_transfer=True),
    ],
}
print(json.dumps(seen))
