//! The swaps of `benchmarks/engine_vs_peers.py` in a loop over revm and nothing else: how fast it
//! can be. Its second argument says whether the state is committed after `each` transaction, as
//! whoever reads between them has to, or once a `block`.

use std::io::{BufRead, Write, stdin, stdout};
use std::time::Instant;

use revm::context::{Context, TxEnv};
use revm::context_interface::result::{ExecutionResult, Output};
use revm::database::InMemoryDB;
use revm::primitives::hardfork::SpecId;
use revm::primitives::{Address, Bytes, TxKind, U256, hex, keccak256};
use revm::state::AccountInfo;
use revm::{ExecuteCommitEvm, ExecuteEvm, MainBuilder, MainContext};
use serde_json::Value;

fn bytes(work: &Value, name: &str) -> Vec<u8> {
    hex::decode(work[name].as_str().expect(name)).expect(name)
}

fn word(value: &[u8]) -> Vec<u8> {
    let mut word = vec![0; 32 - value.len()];
    word.extend_from_slice(value);
    word
}

/// The lower 64 bits of a word of an event's data: amounts fit into them here.
fn low(data: &[u8], place: usize) -> u64 {
    let end = 32 * (place + 1);
    u64::from_be_bytes(data[end - 8..end].try_into().expect("eight bytes"))
}

fn sum(amounts: &[u64]) -> u128 {
    amounts.iter().map(|each| u128::from(*each)).sum()
}

fn main() {
    let mut args = std::env::args().skip(1);
    let by_block = args.next().as_deref() == Some("block");
    let file = args.next().expect("a file");
    let text = std::fs::read_to_string(file).expect("the file");
    let work: Value = serde_json::from_str(&text).expect("JSON");
    let me: Address = work["sender"]
        .as_str()
        .expect("sender")
        .parse()
        .expect("an address");
    let calls: Vec<Bytes> = work["swaps"]
        .as_array()
        .expect("swaps")
        .iter()
        .map(|data| {
            hex::decode(data.as_str().expect("data"))
                .expect("hex")
                .into()
        })
        .collect();
    let size = usize::try_from(work["block"].as_u64().expect("block")).expect("block");

    let mut db = InMemoryDB::default();
    let balance = U256::from(10).pow(U256::from(30));
    db.insert_account_info(
        me,
        AccountInfo {
            balance,
            ..AccountInfo::default()
        },
    );
    let mut evm = Context::mainnet()
        .modify_cfg_chained(|cfg| cfg.set_spec_and_mainnet_gas_params(SpecId::CANCUN))
        .modify_block_chained(|block| {
            block.basefee = 1_000_000_000;
            block.gas_limit = 1_000_000_000;
            block.beneficiary = Address::repeat_byte(0xcc);
            block.prevrandao = Some(Default::default());
        })
        .with_db(db)
        .build_mainnet();
    let mut nonce = 0;
    let mut tx = |kind: TxKind, data: Bytes, gas_limit: u64| {
        nonce += 1;
        TxEnv {
            tx_type: 2,
            caller: me,
            gas_limit,
            gas_price: 10_000_000_000,
            gas_priority_fee: Some(1_000_000_000),
            kind,
            data,
            nonce: nonce - 1,
            chain_id: Some(1),
            ..TxEnv::default()
        }
    };
    let created = |result: ExecutionResult| match result {
        ExecutionResult::Success {
            output: Output::Create(_, Some(address)),
            ..
        } => address,
        other => panic!("no contract: {other:?}"),
    };

    let mut at = Vec::new();
    for _ in 0..2 {
        let code = bytes(&work, "token").into();
        let done = evm
            .transact_commit(tx(TxKind::Create, code, 2_000_000))
            .expect("token");
        at.push(created(done));
    }
    let mut code = bytes(&work, "pool");
    at.iter()
        .for_each(|token| code.extend(word(token.as_slice())));
    let done = evm
        .transact_commit(tx(TxKind::Create, code.into(), 2_000_000))
        .expect("pool");
    let pool = created(done);
    let mut approve = bytes(&work, "approve");
    approve.extend(word(pool.as_slice()));
    approve.extend(U256::from(10).pow(U256::from(36)).to_be_bytes::<32>());
    for token in &at {
        let done = evm.transact_commit(tx(TxKind::Call(*token), approve.clone().into(), 200_000));
        assert!(done.expect("approve").is_success());
    }
    let open = bytes(&work, "open").into();
    let done = evm
        .transact_commit(tx(TxKind::Call(pool), open, 200_000))
        .expect("open");
    assert!(done.is_success());

    for _ in stdin().lock().lines() {
        let start = Instant::now();
        let (mut paid, mut got) = (Vec::<u64>::new(), Vec::<u64>::new());
        let mut gas = 0;
        for block in calls.chunks(size) {
            for data in block {
                let tx = tx(TxKind::Call(pool), data.clone(), 200_000);
                let done = if by_block {
                    evm.transact_one(tx)
                } else {
                    evm.transact_commit(tx)
                };
                let done = done.expect("a swap");
                assert!(done.is_success());
                gas = done.tx_gas_used();
                for log in done.logs().iter().filter(|log| log.address == pool) {
                    paid.push(low(&log.data.data, 0));
                    got.push(low(&log.data.data, 1));
                }
            }
            if by_block {
                evm.commit_inner();
            }
        }
        let seconds = start.elapsed().as_secs_f64();
        assert_eq!(paid.len(), calls.len());
        let selector = &keccak256("reserves(uint256)")[..4];
        let reserves: Vec<String> = [0u8, 1]
            .iter()
            .map(|side| {
                let data = [selector, &word(&[*side])].concat();
                let ask = tx(TxKind::Call(pool), data.into(), 200_000);
                let done = evm.transact_commit(ask).expect("a read");
                U256::from_be_slice(done.output().expect("an answer")).to_string()
            })
            .collect();
        println!(
            "{{\"seconds\": {seconds}, \"reserves\": [{}], \"traded\": [{}, {}], \"gas\": {gas}}}",
            reserves.join(", "),
            sum(&paid),
            sum(&got),
        );
        stdout().flush().expect("standard output");
    }
}
