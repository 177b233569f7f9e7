"""A local chain over JSON-RPC: `dexsim node`."""
