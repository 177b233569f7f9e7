//! Hard forks by name.

use revm::primitives::hardfork::SpecId;

/// The forks that dexsim's engines share, oldest first.
pub const NAMES: [&str; 3] = ["shanghai", "cancun", "prague"];

/// revm's rules for a fork by name; `None` for a name that is none.
pub fn by_name(name: &str) -> Option<SpecId> {
    match name {
        "shanghai" => Some(SpecId::SHANGHAI),
        "cancun" => Some(SpecId::CANCUN),
        "prague" => Some(SpecId::PRAGUE),
        _ => None,
    }
}
