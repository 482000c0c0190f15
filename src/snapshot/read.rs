//! stub
use super::{Call, Header};
/// stub
#[derive(Debug, thiserror::Error)]
#[error("stub")]
pub struct ReadError;
/// stub
#[derive(Debug)]
pub struct Snapshot {
    /// stub
    pub header: Header,
}
impl Snapshot {
    /// stub
    /// # Errors
    /// stub
    pub fn calls(&self, _path: &str) -> Result<Vec<Call>, ReadError> {
        Err(ReadError)
    }
}
