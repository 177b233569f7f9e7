// Every swap that the SDK can express, by its own calldata: what it quotes, what the router
// answers, what moved.

import {
  BASE, ETH, FOREVER, QUOTE, Percent, Route, Router, Trade, UNLIMITED, WETH,
  amount, balance, base, logs, mined, pool, provider, quote, receiver, router, tell, wallet, wei,
} from "./venue.mjs";

const ONE = 10n ** 18n;
const NONE = new Percent(0, 100);
const HALF_PERCENT = new Percent(5, 1000);

async function route(currencies) {
  const tokens = currencies.map((currency) => currency.wrapped);
  const pools = [];
  for (let i = 1; i < tokens.length; i++) pools.push((await pool(tokens[i - 1], tokens[i])).pair);
  return new Route(pools, currencies[0], currencies.at(-1));
}

// The SDK's calldata for a trade, to be sent to the router as it stands.
function call(trade, options) {
  const { methodName, args, value } = Router.swapCallParameters(trade, {
    recipient: receiver, deadline: FOREVER, ...options,
  });
  return { methodName, args, value: BigInt(value) };
}

const limits = (trade, slippage) => ({
  least: wei(trade.minimumAmountOut(slippage)),
  most: wei(trade.maximumAmountIn(slippage)),
});

async function swap(trade, options) {
  const { methodName, args, value } = call(trade, options);
  const [paid, got] = [trade.inputAmount.currency, trade.outputAmount.currency];
  const before = [await balance(paid, wallet.address), await balance(got, receiver)];
  const answer = await router[methodName].staticCall(...args, { value });
  const receipt = await mined(router[methodName](...args, { value }));
  const gas = paid.isNative ? receipt.fee : 0n;
  return {
    method: methodName,
    path: trade.route.path.map((token) => token.address),
    reserves: trade.route.pairs.map((pair) => [wei(pair.reserve0), wei(pair.reserve1)]),
    quoted: { in: wei(trade.inputAmount), out: wei(trade.outputAmount) },
    limits: limits(trade, options.allowedSlippage),
    moved: {
      in: before[0] - (await balance(paid, wallet.address)) - gas,
      out: (await balance(got, receiver)) - before[1],
    },
    answer: [...answer],
    logs: logs(receipt),
    left: await provider.getBalance(router),
  };
}

// Sent after somebody else has traded: the limit decides.
async function tooLate(trade, slippage) {
  const { methodName, args, value } = call(trade, { allowedSlippage: slippage });
  try {
    await router[methodName].staticCall(...args, { value });
    return null;
  } catch (error) {
    return error.reason;
  }
}

await mined(base.approve(router, UNLIMITED));
await mined(quote.approve(router, UNLIMITED));
// Two more pools, which the router makes on the way: they are the client's own.
await mined(router.addLiquidityETH(base, 900n * ONE, 0, 0, wallet, FOREVER, { value: 450n * ONE }));
await mined(router.addLiquidityETH(quote, 1_700_000n * 10n ** 6n, 0, 0, wallet, FOREVER, { value: 430n * ONE }));

const exactIn = async (wei, ...currencies) =>
  Trade.exactIn(await route(currencies), amount(currencies[0], wei));
const exactOut = async (wei, ...currencies) =>
  Trade.exactOut(await route(currencies), amount(currencies.at(-1), wei));

const swaps = [];
for (const allowedSlippage of [NONE, HALF_PERCENT]) {
  const plain = { allowedSlippage };
  swaps.push(
    await swap(await exactIn(3n * ONE + 7n, BASE, QUOTE), plain),
    await swap(await exactOut(1_234_567_891n, BASE, QUOTE), plain),
    await swap(await exactIn(987_654_321n, QUOTE, WETH, BASE), plain),
    await swap(await exactOut(2n * ONE + 1n, QUOTE, WETH, BASE), plain),
    await swap(await exactIn(ONE + 3n, ETH, QUOTE), plain),
    await swap(await exactOut(55_555_555n, ETH, BASE, QUOTE), plain),
    await swap(await exactIn(ONE / 3n, BASE, ETH), plain),
    await swap(await exactOut(ONE / 7n, QUOTE, BASE, ETH), plain),
  );
  // The SDK's option for tokens that take a fee of transfers: other functions, and the same result.
  const taxed = { allowedSlippage, feeOnTransfer: true };
  swaps.push(
    await swap(await exactIn(ONE + 9n, BASE, WETH, QUOTE), taxed),
    await swap(await exactIn(ONE / 9n, ETH, BASE), taxed),
    await swap(await exactIn(777_777_777n, QUOTE, ETH), taxed),
  );
}

const sale = await exactIn(ONE, BASE, QUOTE);
const purchase = await exactOut(1_000_000_000n, BASE, QUOTE);
await swap(await exactIn(4n * ONE, BASE, QUOTE), { allowedSlippage: NONE }); // about 0.8 % worse for both
const late = {
  sale: [await tooLate(sale, HALF_PERCENT), await tooLate(sale, new Percent(1, 100))],
  purchase: [await tooLate(purchase, HALF_PERCENT), await tooLate(purchase, new Percent(1, 100))],
};

const pools = {};
for (const [name, tokens] of Object.entries({ "BASE/QUOTE": [BASE, QUOTE], "WETH/BASE": [WETH, BASE], "WETH/QUOTE": [WETH, QUOTE] })) {
  const { contract, pair } = await pool(...tokens);
  pools[name] = { address: contract.target, reserves: [wei(pair.reserve0), wei(pair.reserve1)] };
}
tell({ swaps, late, pools });
