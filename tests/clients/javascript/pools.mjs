// What a client learns of a venue's pools, and what it computes itself: addresses, the domain
// that permits are signed for.

import { Contract, TypedDataEncoder, getCreate2Address, keccak256, solidityPacked } from "ethers";
import { BASE, Pair, QUOTE, computePairAddress, factory, pool, provider, router, tell } from "./venue.mjs";

const { contract, pair } = await pool(BASE, QUOTE);
// Beyond the published ABI: the constant that the SDK has of Uniswap's own pools.
const exported = new Contract(factory, ["function init_code_hash() view returns (bytes32)"], provider);
const initCodeHash = await exported.init_code_hash();
const salt = keccak256(solidityPacked(["address", "address"], [pair.token0.address, pair.token1.address]));
const { chainId } = await provider.getNetwork();
const domain = { name: await contract.name(), version: "1", chainId, verifyingContract: contract.target };

tell({
  pool: contract.target,
  listed: [await factory.allPairs(0), await factory.allPairsLength()],
  router: [await router.factory(), await router.WETH()],
  pair: [await contract.factory(), await contract.token0(), await contract.token1()],
  initCodeHash,
  computed: getCreate2Address(factory.target, salt, initCodeHash),
  bySdk: {
    forItsOwnFactory: Pair.getAddress(BASE, QUOTE),
    forThisFactory: computePairAddress({ factoryAddress: factory.target, tokenA: BASE, tokenB: QUOTE }),
  },
  domain: { told: await contract.DOMAIN_SEPARATOR(), computed: TypedDataEncoder.hashDomain(domain) },
});
