// Liquidity in and out, with the SDK's arithmetic beside it, before and after the protocol's fee
// is switched on; permits are signed by ethers.

import { Signature } from "ethers";
import {
  BASE, ETH, FOREVER, QUOTE, UNLIMITED, WETH, amount, balance, base, factory, logs, mined, pool,
  provider, quote, receiver, router, tell, wallet, wei,
} from "./venue.mjs";

const ONE = 10n ** 18n;
const FEE_TO = "0x000000000000000000000000000000000000fee5";

async function state({ contract, pair }) {
  return {
    pool: contract.target,
    reserves: [wei(pair.reserve0), wei(pair.reserve1)],
    supply: await contract.totalSupply(),
    kLast: await contract.kLast(),
    feeOn: BigInt(await factory.feeTo()) !== 0n,
    feeTo: await contract.balanceOf(FEE_TO),
    held: await contract.balanceOf(wallet),
  };
}

// What a user interface offers: so much of one token, and of the other what that is worth.
async function add(tokenA, tokenB, desired) {
  const found = await pool(tokenA, tokenB);
  const { contract, pair } = found;
  const before = await state(found);
  const paid = amount(tokenA, desired);
  const other = pair.priceOf(tokenA).quote(paid);
  // The SDK knows a pool's liquidity as a token at the address that it computes.
  const minted = pair.getLiquidityMinted(amount(pair.liquidityToken, before.supply), paid, other);
  // More is offered than is worth it, and no less is accepted than the SDK says.
  const offered = [wei(paid), 2n * wei(other), wei(paid), wei(other)];
  const args = [tokenA.address, tokenB.address, ...offered, wallet, FOREVER];
  const receipt = await mined(router.addLiquidity(...args));
  return {
    before,
    quoted: { in: [wei(paid), wei(other)], minted: wei(minted) },
    minted: (await contract.balanceOf(wallet)) - before.held,
    logs: logs(receipt),
  };
}

// What liquidity is worth by the SDK, with the protocol's fee where it is on.
function worth(pair, { supply, kLast, feeOn }, liquidity) {
  const [all, part] = [amount(pair.liquidityToken, supply), amount(pair.liquidityToken, liquidity)];
  const value = (token) => wei(pair.getLiquidityValue(token, all, part, feeOn, kLast.toString()));
  return [value(pair.token0), value(pair.token1)];
}

async function remove(method, tokens, liquidity, ...signed) {
  const found = await pool(...tokens);
  const { pair } = found;
  const before = await state(found);
  const unwrapped = (token) => (method.includes("ETH") && token === WETH ? ETH : token);
  const currencies = [pair.token0, pair.token1].map(unwrapped);
  const held = () => Promise.all(currencies.map((currency) => balance(currency, receiver)));
  const heldBefore = await held();
  const named = tokens.filter((token) => unwrapped(token) === token).map((token) => token.address);
  const receipt = await mined(router[method](...named, liquidity, 0, 0, receiver, FOREVER, ...signed));
  const heldAfter = await held();
  return {
    method,
    liquidity,
    before,
    quoted: worth(pair, before, liquidity),
    moved: heldAfter.map((much, i) => much - heldBefore[i]),
    after: await state(await pool(...tokens)),
    logs: logs(receipt),
  };
}

// A permit as wallets sign it: the pool's own domain, the published type.
async function permit(contract, value) {
  const { chainId } = await provider.getNetwork();
  const domain = { name: await contract.name(), version: "1", chainId, verifyingContract: contract.target };
  const field = (text) => ({ type: text.split(" ")[0], name: text.split(" ")[1] });
  const fields = ["address owner", "address spender", "uint256 value", "uint256 nonce", "uint256 deadline"];
  const nonce = await contract.nonces(wallet);
  const message = { owner: wallet.address, spender: router.target, value, nonce, deadline: FOREVER };
  const signed = await wallet.signTypedData(domain, { Permit: fields.map(field) }, message);
  const { v, r, s } = Signature.from(signed);
  return [value === UNLIMITED, v, r, s];
}

async function trade() {
  const path = [BASE.address, QUOTE.address];
  await mined(router.swapExactTokensForTokens(77n * ONE, 0, path, receiver, FOREVER));
}

await mined(base.approve(router, UNLIMITED));
await mined(quote.approve(router, UNLIMITED));

const opening = [base.target, 900n * ONE, 0, 0, wallet, FOREVER];
const created = logs(await mined(router.addLiquidityETH(...opening, { value: 450n * ONE })));
const market = [BASE, QUOTE];
const coins = [WETH, BASE];
const first = (await pool(...market)).contract;
const second = (await pool(...coins)).contract;

const adds = [await add(BASE, QUOTE, 10n * ONE + 3n)];
await trade();
adds.push(await add(QUOTE, BASE, 123_456_789n));
await mined(factory.setFeeTo(FEE_TO));
adds.push(await add(BASE, QUOTE, 5n * ONE)); // from here on the pool remembers k

await trade();
const part = ONE / 1000n + 1n;
await mined(first.approve(router, part));
const removes = [await remove("removeLiquidity", market, part)];
await trade();
removes.push(await remove("removeLiquidityWithPermit", market, part, ...(await permit(first, part))));
await mined(second.approve(router, 2n * ONE));
removes.push(
  await remove("removeLiquidityETH", coins, ONE),
  await remove("removeLiquidityETHSupportingFeeOnTransferTokens", coins, ONE),
  await remove("removeLiquidityETHWithPermit", coins, ONE + 1n, ...(await permit(second, ONE + 1n))),
  await remove(
    "removeLiquidityETHWithPermitSupportingFeeOnTransferTokens", coins, ONE, ...(await permit(second, UNLIMITED)),
  ),
);
const permits = {};
for (const contract of [first, second]) {
  permits[contract.target] = [await contract.nonces(wallet), await contract.allowance(wallet, router)];
}
tell({ created, adds, removes, permits, left: await provider.getBalance(router) });
