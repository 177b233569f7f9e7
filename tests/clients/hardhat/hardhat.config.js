// A node alone: nothing is compiled.
module.exports = {
  networks: { hardhat: { chainId: 31337, hardfork: "cancun" } },
};
