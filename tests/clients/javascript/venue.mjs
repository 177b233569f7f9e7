// A deployment as a JavaScript client meets it: addresses from the file that `dexsim deploy`
// wrote, ABIs as Uniswap published them, ethers and Uniswap's own SDK from npm, all unchanged.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Contract, HDNodeWallet, Interface, JsonRpcProvider } from "ethers";

const require = createRequire(import.meta.url);
// The SDK's build for `import` names its files without endings, which Node does not find.
export const { Token, Ether, WETH9, CurrencyAmount, Percent, TradeType } = require("@uniswap/sdk-core");
export const { Pair, Route, Router, Trade, computePairAddress } = require("@uniswap/v2-sdk");

export const abi = {
  factory: require("@uniswap/v2-core/build/IUniswapV2Factory.json").abi,
  pair: require("@uniswap/v2-core/build/IUniswapV2Pair.json").abi,
  router: require("@uniswap/v2-periphery/build/IUniswapV2Router02.json").abi,
  weth: require("@uniswap/v2-periphery/build/WETH9.json").abi,
};

export const FOREVER = 2n ** 64n;
export const UNLIMITED = 2n ** 256n - 1n;

const [file, url] = process.argv.slice(2);
const deployment = JSON.parse(readFileSync(file, "utf8"));
const at = (name) => deployment.contracts[name].address;

export const provider = new JsonRpcProvider(url, undefined, { cacheTimeout: -1, pollingInterval: 20 });
// The first account of anvil, which deployed the venue and holds its tokens.
export const wallet = HDNodeWallet.fromPhrase(
  "test test test test test test test test test test test junk",
).connect(provider);
// Who receives, and pays no gas: whatever changes there, the router sent.
export const receiver = "0x00000000000000000000000000000000000fee1d";

export const factory = new Contract(at("factory"), abi.factory, wallet);
export const router = new Contract(at("router"), abi.router, wallet);
export const weth = new Contract(at("WETH"), abi.weth, wallet);
export const base = new Contract(at("BASE"), abi.pair, wallet);
export const quote = new Contract(at("QUOTE"), abi.pair, wallet);

const chain = deployment.chain_id;
// The SDK has a table of wrapped coins, to which a chain of one's own is added.
WETH9[chain] = new Token(chain, at("WETH"), 18, "WETH", "Wrapped Ether");
export const ETH = Ether.onChain(chain);
export const WETH = WETH9[chain];
export const BASE = new Token(chain, at("BASE"), 18, "BASE");
export const QUOTE = new Token(chain, at("QUOTE"), 6, "QUOTE");
const contracts = new Map([[WETH, weth], [BASE, base], [QUOTE, quote]]);

export const amount = (currency, wei) => CurrencyAmount.fromRawAmount(currency, wei.toString());
export const wei = (currencyAmount) => BigInt(currencyAmount.quotient.toString());

export async function balance(currency, who) {
  return currency.isNative ? provider.getBalance(who) : contracts.get(currency).balanceOf(who);
}

// A pool as the SDK wants it, with the reserves that the chain tells.
export async function pool(tokenA, tokenB) {
  const contract = new Contract(await factory.getPair(tokenA.address, tokenB.address), abi.pair, wallet);
  const [reserve0, reserve1] = await contract.getReserves();
  const [token0, token1] = tokenA.sortsBefore(tokenB) ? [tokenA, tokenB] : [tokenB, tokenA];
  return { contract, pair: new Pair(amount(token0, reserve0), amount(token1, reserve1)) };
}

export async function mined(transaction) {
  return (await transaction).wait();
}

const coins = abi.weth.filter(({ name }) => ["Deposit", "Withdrawal"].includes(name));
const events = new Interface([...abi.pair, ...abi.factory, ...coins]);

// What a receipt tells by the published ABI: [address, event, arguments] of every log.
export function logs(receipt) {
  return receipt.logs.map((log) => {
    const parsed = events.parseLog(log);
    return [log.address, parsed?.name ?? null, parsed?.args.toArray() ?? null];
  });
}

// As JSON, with integers as text: JavaScript's numbers would round them.
export function tell(seen) {
  console.log(JSON.stringify(seen, (_, value) => (typeof value === "bigint" ? value.toString() : value)));
  provider.destroy();
}
