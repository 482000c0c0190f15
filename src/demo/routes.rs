//! Which question leads to which document: `wire/routes.json`, the one table that this module and
//! `tests/outside/wire_models.py` share.
//!
//! A question matches only as a whole: a parameter that the route does not name means another question.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::Value;

use super::asked::{Asked, text};

/// One line of the table.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Route {
    /// The region that answers so; `None` for services that answer for all regions.
    #[serde(default)]
    pub(super) region: Option<String>,
    /// The `X-Amz-Target`, else method and decoded path.
    pub(super) request: String,
    /// What else must be asked, by the names of the wire.
    #[serde(default)]
    pub(super) parameters: BTreeMap<String, Value>,
    /// `<service>/<operation>` by the names of the service model.
    #[cfg_attr(not(test), expect(dead_code, reason = "for the tests and for tests/outside/wire_models.py"))]
    pub(super) operation: String,
    /// The document, below `wire/`.
    pub(super) file: String,
    /// HTTP status; 200 where it is absent.
    #[serde(default)]
    pub(super) status: Option<u16>,
    /// The error's code, where the document is an error.
    #[serde(default)]
    pub(super) error: Option<String>,
}

impl Route {
    fn answers(&self, asked: &Asked) -> bool {
        let here = self.region.is_none() || self.region.as_deref() == asked.region;
        here && self.request == asked.request
            && self.parameters.len() == asked.parameters.len()
            && self.parameters.iter().all(|(name, value)| asked.parameters.get(name) == Some(&text(value)))
    }
}

/// The route of a question; `None` where the table has none.
pub(super) fn find(asked: &Asked) -> Option<&'static Route> {
    all().iter().find(|route| route.answers(asked))
}

/// The whole table. A test shows that it can be read; a table that could not would answer nothing.
pub(super) fn all() -> &'static [Route] {
    static ROUTES: LazyLock<Vec<Route>> =
        LazyLock::new(|| serde_json::from_str(include_str!("wire/routes.json")).unwrap_or_default());
    &ROUTES
}
