//! Which controls a finding bears on, as the pack's programs say. Small: it grows with the catalogue, not with the
//! findings.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::pack::{Control, ControlGroup, Pack, Program, REPORTS_RULE};
use crate::rules::Finding;

/// A control with the program and the group that list it.
#[derive(Clone, Copy)]
pub(super) struct Listed<'a> {
    pub(super) program: &'a Program,
    pub(super) group: &'a ControlGroup,
    pub(super) control: &'a Control,
}

impl<'a> Listed<'a> {
    /// The keys of the findings that bear on it, in the order of its rules.
    pub(super) fn keys(self) -> impl Iterator<Item = Cow<'a, str>> {
        self.control.definition.rules.iter().map(move |rule| {
            if rule == REPORTS_RULE {
                Cow::Owned(format!("{rule} program/{}", self.group.reports_of))
            } else {
                Cow::Borrowed(rule.as_str())
            }
        })
    }
}

/// Every control of a pack, in order.
pub(super) fn listed<'a>(pack: &'a Pack) -> impl Iterator<Item = Listed<'a>> {
    pack.programs.iter().flat_map(|program: &'a Program| {
        let of_group =
            move |group: &'a ControlGroup| group.controls.iter().map(move |control| Listed { program, group, control });
        program.groups.iter().flat_map(of_group)
    })
}

/// What tells which controls a finding bears on: its rule, and for few rules its resource.
pub(super) fn key(rule: &'static str, resource: impl FnOnce() -> String) -> Cow<'static, str> {
    if rule == REPORTS_RULE { Cow::Owned(format!("{rule} {}", resource())) } else { Cow::Borrowed(rule) }
}

/// The controls by the keys of the findings that bear on them.
pub(super) struct Bearings<'a>(BTreeMap<Cow<'a, str>, Vec<Listed<'a>>>);

impl<'a> Bearings<'a> {
    pub(super) fn new(pack: &'a Pack) -> Self {
        let mut controls: BTreeMap<Cow<'_, str>, Vec<Listed<'_>>> = BTreeMap::new();
        for listed in listed(pack) {
            for key in listed.keys() {
                controls.entry(key).or_default().push(listed);
            }
        }
        Self(controls)
    }

    /// The controls that a finding bears on, in order.
    pub(super) fn of(&self, finding: &Finding) -> &[Listed<'a>] {
        self.0.get(key(finding.rule, || finding.resource.clone()).as_ref()).map(Vec::as_slice).unwrap_or_default()
    }
}
