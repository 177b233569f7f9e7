//! dexsim's fast engine: revm at the transaction layer.
//!
//! [`machine::Machine`] executes transactions over a [`store::Store`], which holds all accounts
//! and can go back to a mark. The `python` feature binds it; without it this is a plain crate.

pub mod fork;
pub mod halts;
pub mod machine;
pub mod root;
pub mod rules;
pub mod store;
pub mod tracer;

#[cfg(feature = "python")]
mod python;
