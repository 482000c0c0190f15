//! Which applications carry PHI: what people declared, and what happens where nobody did.

use chrono::NaiveDate;

use crate::config::{Config, Excluded, Undeclared};
use crate::estate::{Application, Reading};

/// Whether an application carries PHI, and who says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Phi {
    /// The configuration names it, or its tag.
    Declared {
        /// How, for a sentence: "the configuration names its id".
        how: String,
    },
    /// The configuration excludes it.
    Excluded {
        /// Why, in the declarant's words.
        reason: String,
        /// Who says so.
        declared_by: String,
        /// Since when.
        declared_on: NaiveDate,
    },
    /// Nothing declares it.
    Undeclared {
        /// Whether it is judged as if it carried PHI (the default) or left out.
        judged: bool,
    },
}

impl Phi {
    /// The word used in files.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Declared { .. } => "declared",
            Self::Excluded { .. } => "excluded",
            Self::Undeclared { .. } => "undeclared",
        }
    }

    /// Whether the rules for PHI judge the application.
    #[must_use]
    pub const fn is_judged(&self) -> bool {
        matches!(self, Self::Declared { .. } | Self::Undeclared { judged: true })
    }

    /// Reads the declarations for an application.
    ///
    /// A declaration that it carries PHI wins over an exclusion: of two statements that disagree the stricter counts.
    /// Where tags could not be read, an application that nothing else declares is judged.
    #[must_use]
    pub fn of(application: &Application, config: &Config) -> Self {
        if let Some(how) = declared(application, config) {
            return Self::Declared { how };
        }
        if let Some(excluded) = config.phi.excluded.iter().find(|excluded| is_named(application, &excluded.application))
        {
            let Excluded { reason, declared_by, declared_on, .. } = excluded.clone();
            return Self::Excluded { reason, declared_by, declared_on };
        }
        let tags_unread = !matches!(application.tags, Reading::Seen { .. });
        Self::Undeclared { judged: tags_unread || config.phi.undeclared == Undeclared::Phi }
    }
}

/// Whether a declaration means this application: by id, ARN or name.
#[must_use]
pub fn is_named(application: &Application, declared: &str) -> bool {
    let Application { id, arn, name, .. } = application;
    id.eq_ignore_ascii_case(declared) || arn == declared || name == declared
}

/// How the configuration declares that an application carries PHI.
fn declared(application: &Application, config: &Config) -> Option<String> {
    if let Some(named) = config.phi.applications.iter().find(|declared| is_named(application, declared)) {
        let by = if *named == application.name { "name" } else { "id" };
        return Some(format!("the configuration names its {by}"));
    }
    let Reading::Seen { value: tags, .. } = &application.tags else { return None };
    let declaring = |key: &str, value: &str| {
        config.phi.tags.iter().any(|(name, wanted)| name == key && wanted.eq_ignore_ascii_case(value))
    };
    let (key, value) = tags.iter().find(|(key, value)| declaring(key, value))?;
    Some(format!("its tag {key} is {value}"))
}
