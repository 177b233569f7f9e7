//! The Python module `dexsim_revm`: dexsim's own border to the machine, for no other caller.

mod blocks;
mod engine;
mod logs;
mod names;
mod numbers;
mod orders;
mod values;

use pyo3::prelude::*;

pyo3::create_exception!(
    dexsim_revm,
    Unfit,
    pyo3::exceptions::PyValueError,
    "A value that the EVM cannot take."
);
pyo3::create_exception!(
    dexsim_revm,
    Fault,
    pyo3::exceptions::PyRuntimeError,
    "The EVM itself failed."
);

#[pymodule]
fn dexsim_revm(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add("FORKS", crate::fork::NAMES.to_vec())?;
    module.add("Unfit", module.py().get_type::<Unfit>())?;
    module.add("Fault", module.py().get_type::<Fault>())?;
    module.add_class::<engine::Evm>()?;
    module.add_class::<logs::Logs>()?;
    module.add_class::<blocks::Verdicts>()
}
