//! How each kind of member is written down, field by field.

use chrono::{Datelike as _, NaiveDate};

use super::{Form, Packer, Unpacker};
use crate::estate::Gap;
use crate::pack::{Application, Channel, ChannelState, Flow, FlowKind, FlowTarget, Phi};
use crate::rules::{Chain, Link, LinkState, Origin, Part};

impl Form for Application {
    fn pack(&self, into: &mut Packer<'_>) {
        let Self { id, arn, name, account, region, phi, channels } = self;
        for text in [account, region, id, arn, name] {
            into.text(text);
        }
        pack_phi(phi, into);
        into.number(channels.len() as u64);
        for Channel { name, permitted, state, evidence } in channels {
            into.text(name);
            into.number(u64::from(*permitted));
            pack_state(*state, into);
            into.calls(evidence);
        }
    }

    fn unpack(from: &mut Unpacker<'_>) -> Self {
        let (account, region) = (from.text(), from.text());
        let (id, arn, name) = (from.text(), from.text(), from.text());
        let phi = unpack_phi(from);
        let channel = |from: &mut Unpacker<'_>| Channel {
            name: from.text(),
            permitted: from.number() == 1,
            state: unpack_state(from),
            evidence: from.calls(),
        };
        let channels = (0..from.number()).map(|_| channel(from)).collect();
        Self { id, arn, name, account, region, phi, channels }
    }
}

fn pack_phi(phi: &Phi, into: &mut Packer<'_>) {
    match phi {
        Phi::Undeclared { judged } => into.number(u64::from(*judged)),
        Phi::Declared { how } => {
            into.number(2);
            into.text(how);
        }
        Phi::Excluded { reason, declared_by, declared_on } => {
            into.number(3);
            into.text(reason);
            into.text(declared_by);
            into.number(u64::from(declared_on.num_days_from_ce().cast_unsigned()));
        }
    }
}

fn unpack_phi(from: &mut Unpacker<'_>) -> Phi {
    match from.number() {
        2 => Phi::Declared { how: from.text() },
        3 => Phi::Excluded { reason: from.text(), declared_by: from.text(), declared_on: unpack_day(from) },
        judged => Phi::Undeclared { judged: judged == 1 },
    }
}

/// A day is kept as it counts from the first one of the calendar.
fn unpack_day(from: &mut Unpacker<'_>) -> NaiveDate {
    let days = u32::try_from(from.number()).unwrap_or_default().cast_signed();
    NaiveDate::from_num_days_from_ce_opt(days).unwrap_or_default()
}

fn pack_state(state: ChannelState, into: &mut Packer<'_>) {
    match state {
        ChannelState::Enabled => into.number(0),
        ChannelState::Disabled => into.number(1),
        ChannelState::NotConfigured => into.number(2),
        ChannelState::Unread(outcome) => {
            into.number(3);
            into.outcome(outcome);
        }
    }
}

fn unpack_state(from: &mut Unpacker<'_>) -> ChannelState {
    match from.number() {
        0 => ChannelState::Enabled,
        1 => ChannelState::Disabled,
        2 => ChannelState::NotConfigured,
        _ => ChannelState::Unread(from.outcome()),
    }
}

impl Form for Flow {
    fn pack(&self, into: &mut Packer<'_>) {
        let Self { kind, account, region, whose, target, resource, evidence } = self;
        into.number(FlowKind::ALL.iter().position(|known| known == kind).unwrap_or_default() as u64);
        for text in [account, region, whose, resource] {
            into.text(text);
        }
        let (is_seen, text) = match target {
            FlowTarget::Seen(text) => (true, text),
            FlowTarget::Unread(text) => (false, text),
        };
        into.number(u64::from(is_seen));
        into.text(text);
        into.calls(evidence);
    }

    fn unpack(from: &mut Unpacker<'_>) -> Self {
        let kind = usize::try_from(from.number()).ok().and_then(|at| FlowKind::ALL.get(at)).copied();
        let (account, region, whose, resource) = (from.text(), from.text(), from.text(), from.text());
        let target = if from.number() == 1 { FlowTarget::Seen(from.text()) } else { FlowTarget::Unread(from.text()) };
        let kind = kind.unwrap_or(FlowKind::Import);
        Self { kind, account, region, whose, target, resource, evidence: from.calls() }
    }
}

impl Form for Chain {
    fn pack(&self, into: &mut Packer<'_>) {
        let Self { number, account, region, resource, links, origins } = self;
        for text in [number, account, region, resource] {
            into.text(text);
        }
        into.number(links.len() as u64);
        for link in links {
            pack_link(link, into);
        }
        into.number(origins.len() as u64);
        for Origin { application, resource, what, inherits, silent, calls } in origins {
            for text in [application, resource, what] {
                into.text(text);
            }
            into.number(u64::from(*inherits));
            into.optional(silent.as_deref());
            into.calls(calls);
        }
    }

    fn unpack(from: &mut Unpacker<'_>) -> Self {
        let (number, account, region, resource) = (from.text(), from.text(), from.text(), from.text());
        let links = (0..from.number()).map(|_| unpack_link(from)).collect();
        let origin = |from: &mut Unpacker<'_>| Origin {
            application: from.text(),
            resource: from.text(),
            what: from.text(),
            inherits: from.number() == 1,
            silent: from.optional(),
            calls: from.calls(),
        };
        let origins = (0..from.number()).map(|_| origin(from)).collect();
        Self { number, account, region, resource, links, origins }
    }
}

/// In the order of their numbers.
const PARTS: [Part; 4] = [Part::Number, Part::Readiness, Part::Dedication, Part::Purpose];

fn pack_link(link: &Link, into: &mut Packer<'_>) {
    let Link { title, sentence, state, calls, part } = link;
    into.fixed(title);
    into.text(sentence);
    match state {
        LinkState::Holds => into.number(0),
        LinkState::Broken => into.number(1),
        LinkState::Stated => into.number(2),
        LinkState::Open => into.number(3),
        LinkState::Unread(Gap { operation, outcome, calls }) => {
            into.number(4);
            into.fixed(operation);
            into.outcome(*outcome);
            into.calls(calls);
        }
    }
    into.calls(calls);
    into.number(PARTS.iter().position(|known| known == part).unwrap_or_default() as u64);
}

fn unpack_link(from: &mut Unpacker<'_>) -> Link {
    let (title, sentence) = (from.fixed(), from.text());
    let state = match from.number() {
        0 => LinkState::Holds,
        1 => LinkState::Broken,
        2 => LinkState::Stated,
        3 => LinkState::Open,
        _ => LinkState::Unread(Gap { operation: from.fixed(), outcome: from.outcome(), calls: from.calls() }),
    };
    let calls = from.calls();
    let part = usize::try_from(from.number()).ok().and_then(|at| PARTS.get(at)).copied().unwrap_or(Part::Number);
    Link { title, sentence, state, calls, part }
}
