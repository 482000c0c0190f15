use super::*;
use crate::estate::Gap;
use crate::pack::{Application, Channel, ChannelState, Evidence, EvidenceRow, Flow, FlowKind, FlowTarget, Phi};
use crate::rules::{Chain, Link, LinkState, Origin, Part};
use crate::snapshot::{CallId, Outcome};

const ID: &str = "0123456789abcdef0123456789abcdef";

/// A call in the index, one that no index holds, one of an earlier snapshot, and texts that are no ids.
fn calls() -> Vec<CallId> {
    let earlier = "earlier/2026-06-30T16:00:00.000Z/c-0000000000000001";
    let texts = ["c-0000000000000007", "c-00000000000000ff", "c-0000000000000001", earlier, "sts/odd", "", "c-00AB"];
    texts.map(CallId::from_file).to_vec()
}

fn row(id: &CallId, number: u64) -> EvidenceRow {
    EvidenceRow {
        id: id.clone(),
        service: "pinpoint".to_owned(),
        operation: "GetApp".to_owned(),
        about: format!("ApplicationId {ID}"),
        account: "111122223333".to_owned(),
        region: "us-east-1".to_owned(),
        page: 1,
        started: chrono::DateTime::from_timestamp_millis(1_790_000_000_000).expect("a time"),
        request_id: None,
        outcome: Outcome::Observed,
        sha256: None,
        file: "evidence/calls/111122223333/us-east-1/pinpoint.jsonl".to_owned(),
        line: number,
    }
}

/// An index that holds some of the calls, one of an earlier snapshot and an odd one among them.
fn index() -> Arc<Ids> {
    let known = calls().into_iter().enumerate().filter(|(at, _)| at % 2 == 0 || *at == 3);
    let rows = (1..).zip(known).map(|(line, (_, id))| row(&id, line));
    Arc::clone(rows.collect::<Evidence>().index())
}

fn states() -> Vec<ChannelState> {
    let read = [ChannelState::Enabled, ChannelState::Disabled, ChannelState::NotConfigured];
    read.into_iter().chain(Outcome::ALL.map(ChannelState::Unread)).collect()
}

fn phis() -> Vec<Phi> {
    let excluded = |day: &str| Phi::Excluded {
        reason: "a newsletter".to_owned(),
        declared_by: "J. Doe".to_owned(),
        declared_on: day.parse().expect("a day"),
    };
    vec![
        Phi::Declared { how: "the configuration names its id".to_owned() },
        excluded("2026-09-30"),
        excluded("-0001-03-04"),
        Phi::Undeclared { judged: true },
        Phi::Undeclared { judged: false },
    ]
}

/// Applications that differ in everything, also in what an id looks like.
fn applications() -> Vec<Application> {
    let ids = [ID, "", "ABCDEF0123456789ABCDEF0123456789", "0123456789abcdef0123456789abcdef0", "ü-\u{202e}", "f"];
    let channel = |(at, state): (usize, ChannelState)| Channel {
        name: format!("CHANNEL_{at}"),
        permitted: at % 2 == 0,
        state,
        evidence: calls().into_iter().take(at).collect(),
    };
    let application = |(at, id): (usize, &str)| Application {
        id: id.to_owned(),
        arn: format!("arn:aws:mobiletargeting:us-east-1:111122223333:apps/{id}"),
        name: format!("{ID}{id} {ID}/{id}"),
        account: "111122223333".to_owned(),
        region: if at % 3 == 0 { String::new() } else { "us-east-1".to_owned() },
        phi: phis()[at % phis().len()].clone(),
        channels: states().into_iter().enumerate().skip(at).map(channel).collect(),
    };
    ids.into_iter().cycle().take(200).enumerate().map(application).collect()
}

fn flows() -> Vec<Flow> {
    let flow = |(at, kind): (usize, FlowKind)| Flow {
        kind,
        account: "111122223333".to_owned(),
        region: "us-east-1".to_owned(),
        whose: format!("application {ID}"),
        target: if at % 2 == 0 { FlowTarget::Seen(ID.to_owned()) } else { FlowTarget::Unread(String::new()) },
        resource: format!("arn:x:apps/{ID}/jobs/{at}"),
        evidence: calls().into_iter().skip(at).collect(),
    };
    FlowKind::ALL.into_iter().enumerate().map(flow).collect()
}

fn chains() -> Vec<Chain> {
    let gap = |calls| Gap { operation: "GetResourcePolicy", outcome: Outcome::AccessDenied, calls };
    let states = [
        LinkState::Holds,
        LinkState::Broken,
        LinkState::Unread(gap(calls())),
        LinkState::Unread(gap(Vec::new())),
        LinkState::Stated,
        LinkState::Open,
    ];
    let parts = [Part::Number, Part::Readiness, Part::Dedication, Part::Purpose];
    let link = |(at, state): (usize, &LinkState)| Link {
        title: ["Pool", "Status", "Declaration"][at % 3],
        sentence: format!("Pool pool-{ID} holds {at}."),
        state: state.clone(),
        calls: calls().into_iter().take(at).collect(),
        part: parts[at % parts.len()],
    };
    let origin = |silent: Option<&str>| Origin {
        application: format!("arn:x:apps/{ID}"),
        resource: format!("arn:x:apps/{ID}/campaigns/c"),
        what: "the SMS channel".to_owned(),
        inherits: silent.is_none(),
        silent: silent.map(str::to_owned),
        calls: calls(),
    };
    let chain = |number: usize| Chain {
        number: number.to_string(),
        account: "111122223333".to_owned(),
        region: "us-east-1".to_owned(),
        resource: format!("account/111122223333/{number}"),
        links: states.iter().enumerate().skip(number).map(link).collect(),
        origins: [None, Some("The journey is CLOSED."), Some("")].into_iter().take(number).map(origin).collect(),
    };
    (0..5).map(chain).collect()
}

/// Whether members come back as they were, one after the other and each by its position, in chunks of any size.
fn comes_back<T: Form + fmt::Debug>(members: &[T]) {
    for calls in [Arc::default(), index()] {
        for chunk in [1, 2, 7, members.len(), 1000] {
            let mut list = List::in_chunks(&calls, chunk);
            list.extend(members.iter().cloned());
            assert_eq!(list.len(), members.len());
            for settled in [false, true] {
                let read: Vec<T> = list.iter().map(|member| (*member).clone()).collect();
                assert_eq!(read, members, "in chunks of {chunk}, settled: {settled}");
                for (at, member) in members.iter().enumerate().rev() {
                    assert_eq!(&*list.get(at).expect("one"), member, "{at} in chunks of {chunk}");
                }
                list.settle();
            }
            assert!(list.get(members.len()).is_none());
            assert_eq!(list.range(1..usize::MAX).count(), members.len() - 1);
            assert!(list == list.clone(), "a copy is equal");
        }
    }
}

#[test]
fn every_field_of_every_member_comes_back_as_it_was_whatever_the_size_of_a_chunk() {
    comes_back(&applications());
    comes_back(&flows());
    comes_back(&chains());
}

#[test]
fn lists_are_equal_when_their_members_are() {
    let list: List<Application> = applications().into_iter().collect();
    let mut other = list.clone();
    assert_eq!(list, other);
    other.edit(|all| all[3].channels[3].evidence.clear());
    assert_ne!(list, other);
    other.clear();
    assert!(other.is_empty() && other.iter().next().is_none());
}

/// What a collection of the whole organization shows of one more application: another id, the calls beside those of the
/// applications before.
#[test]
fn an_application_more_takes_little_room() {
    const ALL: usize = 2_000;
    let id = |n: usize| crate::snapshot::hex_sha256(&n.to_be_bytes())[..32].to_owned();
    let call = |operation: usize, n: usize| {
        CallId::of_number(((operation * ALL + n) as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15))
    };
    let rows = (0..12 * ALL).map(|at| row(&call(at / ALL, at % ALL), at as u64 + 1));
    let evidence: Evidence = rows.collect();
    let application = |n: usize| Application {
        id: id(n),
        arn: format!("arn:aws:mobiletargeting:us-east-1:111122223333:apps/{}", id(n)),
        name: format!("clinic {n}"),
        account: "111122223333".to_owned(),
        region: "us-east-1".to_owned(),
        phi: Phi::Undeclared { judged: true },
        channels: (0..12)
            .map(|operation| Channel {
                name: format!("CHANNEL_{operation}"),
                permitted: true,
                state: ChannelState::Disabled,
                evidence: vec![call(operation, n), call(0, n)],
            })
            .collect(),
    };
    let mut list = List::citing(evidence.index());
    list.extend((0..ALL).map(application));
    list.settle();
    assert!(list.bytes() < 60 * ALL, "{} bytes each", list.bytes() / ALL);
}
