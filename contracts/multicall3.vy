# pragma version ~=0.4.3
# SPDX-License-Identifier: MIT
"""
@title Many calls in one
@license MIT
@notice Has the functions of Multicall3, by which ethers, viem and web3 ask many questions at once.
        The calls come from this contract, which holds nothing and is allowed nothing: what is
        left here, anybody can take.
@dev Vyper wants bounds: `MOST_CALLS` calls, `MOST_CALLDATA` bytes of calldata and `MOST_ANSWER`
     bytes of answer for each. What is longer is refused, never cut short. Memory for all of them
     costs some 1,500,000 gas in a transaction, and nothing in a read.
"""


struct Call:
    target: address
    callData: Bytes[MOST_CALLDATA]


struct Call3:
    target: address
    allowFailure: bool
    callData: Bytes[MOST_CALLDATA]


struct Call3Value:
    target: address
    allowFailure: bool
    value: uint256
    callData: Bytes[MOST_CALLDATA]


# One byte more than an answer may have: what would be cut short is seen by it.
struct Result:
    success: bool
    returnData: Bytes[MOST_ANSWER + 1]


MOST_CALLS: public(constant(uint256)) = 256
MOST_CALLDATA: public(constant(uint256)) = 1024
MOST_ANSWER: public(constant(uint256)) = 2048


@external
@payable
def aggregate(calls: DynArray[Call, MOST_CALLS]) -> (
    uint256, DynArray[Bytes[MOST_ANSWER + 1], MOST_CALLS]
):
    """
    @notice Makes calls in order; all of them succeed, or none.
    @param calls Whom to call with what.
    @return The block's number, and the answers in order.
    """
    answers: DynArray[Bytes[MOST_ANSWER + 1], MOST_CALLS] = []
    for call: Call in calls:
        answers.append(self._call(call.target, 0, call.callData, False).returnData)
    return block.number, answers


@external
@payable
def tryAggregate(
    requireSuccess: bool, calls: DynArray[Call, MOST_CALLS]
) -> DynArray[Result, MOST_CALLS]:
    """
    @notice Makes calls in order.
    @param requireSuccess Whether one that fails undoes all of them.
    @param calls Whom to call with what.
    @return For each call whether it succeeded, and its answer.
    """
    results: DynArray[Result, MOST_CALLS] = []
    for call: Call in calls:
        results.append(self._call(call.target, 0, call.callData, not requireSuccess))
    return results


@external
@payable
def tryBlockAndAggregate(
    requireSuccess: bool, calls: DynArray[Call, MOST_CALLS]
) -> (uint256, bytes32, DynArray[Result, MOST_CALLS]):
    """
    @notice As `tryAggregate`.
    @param requireSuccess Whether one that fails undoes all of them.
    @param calls Whom to call with what.
    @return The block's number, zero as the hash that it does not have yet, and the results.
    """
    results: DynArray[Result, MOST_CALLS] = []
    for call: Call in calls:
        results.append(self._call(call.target, 0, call.callData, not requireSuccess))
    return block.number, empty(bytes32), results


@external
@payable
def blockAndAggregate(
    calls: DynArray[Call, MOST_CALLS]
) -> (uint256, bytes32, DynArray[Result, MOST_CALLS]):
    """
    @notice Makes calls in order; all of them succeed, or none.
    @param calls Whom to call with what.
    @return The block's number, zero as the hash that it does not have yet, and the results.
    """
    results: DynArray[Result, MOST_CALLS] = []
    for call: Call in calls:
        results.append(self._call(call.target, 0, call.callData, False))
    return block.number, empty(bytes32), results


@external
@payable
def aggregate3(calls: DynArray[Call3, MOST_CALLS]) -> DynArray[Result, MOST_CALLS]:
    """
    @notice Makes calls in order.
    @param calls Whom to call with what, and whether this one may fail.
    @return For each call whether it succeeded, and its answer.
    """
    results: DynArray[Result, MOST_CALLS] = []
    for call: Call3 in calls:
        results.append(self._call(call.target, 0, call.callData, call.allowFailure))
    return results


@external
@payable
def aggregate3Value(calls: DynArray[Call3Value, MOST_CALLS]) -> DynArray[Result, MOST_CALLS]:
    """
    @notice Makes calls in order, each with coins of the caller's.
    @param calls Whom to call with what and how much, and whether this one may fail. The values
           sum up to what the caller sends; what a failed call did not take stays here.
    @return For each call whether it succeeded, and its answer.
    """
    results: DynArray[Result, MOST_CALLS] = []
    sent: uint256 = 0
    for call: Call3Value in calls:
        sent += call.value
        results.append(self._call(call.target, call.value, call.callData, call.allowFailure))
    assert msg.value == sent, "multicall3: value mismatch"
    return results


@external
@view
def getBlockHash(blockNumber: uint256) -> bytes32:
    """
    @notice The hash of one of the 256 blocks before this one.
    @param blockNumber Which block.
    @return Its hash; zero for any other.
    """
    return self._hash_of(blockNumber)


@external
@view
def getLastBlockHash() -> bytes32:
    """
    @notice The hash of the block before this one.
    @return Its hash; zero in the first block.
    """
    return self._hash_of(block.number - 1) if block.number > 0 else empty(bytes32)


@external
@view
def getBlockNumber() -> uint256:
    """
    @notice The block's number.
    @return Its number.
    """
    return block.number


@external
@view
def getCurrentBlockCoinbase() -> address:
    """
    @notice Who builds the block.
    @return Its coinbase.
    """
    return block.coinbase


@external
@view
def getCurrentBlockDifficulty() -> uint256:
    """
    @notice What stands where the difficulty stood: the block's random number (EIP-4399).
    @return The number.
    """
    return convert(block.prevrandao, uint256)


@external
@view
def getCurrentBlockGasLimit() -> uint256:
    """
    @notice How much gas the block has.
    @return Its gas limit.
    """
    return block.gaslimit


@external
@view
def getCurrentBlockTimestamp() -> uint256:
    """
    @notice The block's time.
    @return Seconds since 1970.
    """
    return block.timestamp


@external
@view
def getEthBalance(addr: address) -> uint256:
    """
    @notice What somebody has of the chain's own coin.
    @param addr Who.
    @return The balance in wei.
    """
    return addr.balance


@external
@view
def getBasefee() -> uint256:
    """
    @notice What the block burns of gas.
    @return Wei for each unit of gas.
    """
    return block.basefee


@external
@view
def getChainId() -> uint256:
    """
    @notice Which chain this is (EIP-155).
    @return Its id.
    """
    return chain.id


@internal
def _call(
    target: address, amount: uint256, data: Bytes[MOST_CALLDATA], may_fail: bool
) -> Result:
    success: bool = False
    answer: Bytes[MOST_ANSWER + 1] = b""
    success, answer = raw_call(
        target, data, max_outsize=MOST_ANSWER + 1, value=amount, revert_on_failure=False
    )
    assert success or may_fail, "multicall3: call failed"
    assert len(answer) <= MOST_ANSWER, "multicall3: answer too long"
    return Result(success=success, returnData=answer)


@internal
@view
def _hash_of(number: uint256) -> bytes32:
    # Outside of this range BLOCKHASH is zero, and Vyper's built-in function reverts.
    if number >= block.number or block.number - number > 256:
        return empty(bytes32)
    return blockhash(number)
