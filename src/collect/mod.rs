//! To be written.

pub mod in_process;
