//! OSCAL 1.2.1: four documents for governance tools.
//!
//! OSCAL knows two states of a finding, satisfied and not satisfied, and a pack knows five verdicts and eight statuses
//! of a control. So a verdict never becomes a state by itself. How each is expressed:
//!
//! | In the pack | In `assessment-results.json` |
//! |---|---|
//! | finding, any verdict | an observation about the resource, with the verdict and its reason as props |
//! | `fail` | also a risk, `open`; `deviation-approved` beside a valid waiver, with its last day as deadline |
//! | `attested` | an observation by the method INTERVIEW: what a person says in writing; never a state |
//! | control `met` | a finding, satisfied, about our own objective: that the rules hold on what was examined |
//! | control `not_met` | a finding, not satisfied, with the observations and risks that are open |
//! | control of any other status | an observation with the status as a prop, without a state |
//! | rule | an observation with its coverage: eligible, examined, unexamined |
//!
//! Everything else is observed by the method EXAMINE: a configuration was read, nothing was exercised.

mod back_matter;
mod component;
mod controls;
mod ids;
mod observations;
mod parts;
mod plan;
mod poam;
mod results;

use super::{Facts, File, Format, always};

/// Named by `--format oscal`.
pub(super) const FORMAT: Format = Format {
    name: "oscal",
    title: "assessment results and plan, component definition, plan of action (NIST OSCAL 1.2.1)",
    files: &[
        File { path: "oscal/assessment-plan.json", has: always, write: plan::write },
        File { path: "oscal/assessment-results.json", has: always, write: results::write },
        File { path: "oscal/component-definition.json", has: always, write: component::write },
        File { path: "oscal/poam.json", has: poam::has, write: poam::write },
    ],
};

/// The version of OSCAL that the documents are of.
const OSCAL_VERSION: &str = "1.2.1";

/// The namespace of props that OSCAL does not define. It names and is no address.
const NS: &str = "https://pinpoint-evidence.invalid/ns/oscal";
