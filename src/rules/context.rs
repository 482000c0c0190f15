//! What a rule may look at, and how it walks over applications without forgetting any.

use chrono::{DateTime, Utc};

use super::finding::Finding;
use super::judgement::Judgement;
use super::scope::Phi;
use super::{Rule, Subject};
use crate::config::Config;
use crate::estate::{Application, Artifact, Estate, Gap, Place};
use crate::period::Period;
use crate::programs::Program;
use crate::snapshot::{CallId, Outcome};

/// Everything that a rule may look at. No network, no clock, no environment.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// What there is.
    pub estate: &'a Estate,
    /// What people declared.
    pub config: &'a Config,
    /// What the pack covers.
    pub period: &'a Period,
    /// The audit programs.
    pub programs: &'a [Program],
    /// What of the estate is judged now.
    pub focus: Focus,
}

/// What is judged at one time. Whatever is judged, a rule may look everything up that other places are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Focus {
    /// All of the estate.
    Everything,
    /// One account and region, by its position in the estate. The others may have been [reduced](super::reduce).
    Place(usize),
    /// What belongs to no account and region: agreements, reports, the regions that were looked at.
    Beyond,
}

impl<'a> Context<'a> {
    /// The accounts and regions that are judged now, in order.
    pub(super) fn places(&self) -> &'a [Place] {
        let places = &self.estate.places;
        match self.focus {
            Focus::Everything => places,
            Focus::Place(at) => places.get(at..=at).unwrap_or_default(),
            Focus::Beyond => &[],
        }
    }

    /// Whether a place is among those that are judged now.
    pub(super) fn judges(&self, place: &Place) -> bool {
        self.places().iter().any(|judged| std::ptr::eq(judged, place))
    }

    /// Whether that is judged now which belongs to no account and region.
    pub(super) fn judges_beyond(&self) -> bool {
        matches!(self.focus, Focus::Everything | Focus::Beyond)
    }
}

impl Context<'_> {
    /// The time that everything is judged at: the snapshot's, never the clock's.
    #[must_use]
    pub const fn at(&self) -> DateTime<Utc> {
        self.estate.finished
    }

    /// What AWS Artifact shows to the caller's account. Its reports are AWS's own, the same for every account.
    #[must_use]
    pub fn artifact(&self) -> Option<&Artifact> {
        let artifacts = &self.estate.artifacts;
        artifacts.get(&self.estate.caller_account).or_else(|| artifacts.values().next())
    }

    /// Judges what hangs on each application, whether or not it carries PHI, and admits what a list of applications
    /// that could not be read to its end leaves out.
    pub(super) fn applications(
        &self,
        rule: &Rule,
        judge: impl Fn(&Place, &Application) -> Vec<(Subject, Judgement)>,
    ) -> Vec<Finding> {
        let mut findings = Vec::new();
        for place in self.places() {
            for application in place.applications.iter() {
                let judged = judge(place, application);
                findings.extend(judged.into_iter().map(|(subject, judgement)| judgement.conclude(rule, subject, self)));
            }
            if let Some(gap) = &place.applications.gap {
                let mut judgement = Judgement::new();
                judgement.unread(gap);
                findings.push(judgement.conclude(rule, Subject::place(place), self));
            }
        }
        findings
    }

    /// The same for the rules about PHI: what hangs on an application that is excluded or skipped is not applicable,
    /// with the declaration as the fact.
    pub(super) fn phi_applications(
        &self,
        rule: &Rule,
        judge: impl Fn(&Place, &Application) -> Vec<(Subject, Judgement)>,
    ) -> Vec<Finding> {
        self.applications(rule, |place, application| {
            let judged = judge(place, application);
            let Some(fact) = self.left_out(application) else { return judged };
            let leave_out = |(subject, _): (Subject, Judgement)| {
                let mut judgement = Judgement::new();
                judgement.not_applicable(fact.clone(), std::slice::from_ref(&application.listed_by));
                (subject, judgement)
            };
            judged.into_iter().map(leave_out).collect()
        })
    }

    /// Judges what belongs to each account and region in which an application carries PHI, and to no application.
    pub(super) fn phi_places(&self, rule: &Rule, judge: impl Fn(&Place) -> Vec<(Subject, Judgement)>) -> Vec<Finding> {
        let places = self.places().iter().flat_map(|place| self.phi_place(place, || judge(place)));
        places.map(|(subject, judgement)| judgement.conclude(rule, subject, self)).collect()
    }

    /// What belongs to an account and region is judged where an application there carries PHI, and not applicable where
    /// none does. Where nobody knows whether one does, what was seen may fail and nothing passes.
    pub(super) fn phi_place(
        &self,
        place: &Place,
        judge: impl FnOnce() -> Vec<(Subject, Judgement)>,
    ) -> Vec<(Subject, Judgement)> {
        let applications = &place.applications;
        if applications.iter().any(|application| Phi::of(application, self.config).is_judged()) {
            return judge();
        }
        if let Some(gap) = applications.gap.as_ref().filter(|gap| gap.outcome != Outcome::NotOffered) {
            let mut judged = judge();
            for (_, judgement) in &mut judged {
                judgement.listed_incompletely(gap);
            }
            return judged;
        }
        let mut judgement = Judgement::new();
        let sentence = applications.gap.as_ref().map_or_else(
            || "No application in this account and region is judged as one that carries PHI.".to_owned(),
            Gap::sentence,
        );
        let gap = applications.gap.iter().flat_map(|gap| &gap.calls);
        let calls: Vec<CallId> = applications.calls.iter().chain(gap).cloned().collect();
        judgement.not_applicable(sentence, &calls);
        vec![(Subject::place(place), judgement)]
    }

    /// Why the rules about PHI leave an application out; `None` when they judge it.
    fn left_out(&self, application: &Application) -> Option<String> {
        match Phi::of(application, self.config) {
            Phi::Excluded { reason, declared_by, declared_on } => {
                Some(format!("{declared_by} declared on {declared_on} that the application carries no PHI: {reason}."))
            }
            Phi::Undeclared { judged: false } => {
                Some("The configuration leaves out applications that nothing declares (phi.undeclared is skip).".into())
            }
            Phi::Declared { .. } | Phi::Undeclared { judged: true } => None,
        }
    }
}

impl Subject {
    /// An account and region.
    pub(super) fn place(place: &Place) -> Self {
        Self {
            account: place.account.clone(),
            region: Some(place.region.clone()),
            resource: place.resource(),
            name: None,
        }
    }

    /// An application.
    pub(super) fn application(place: &Place, application: &Application) -> Self {
        Self::below(place, application.arn.clone(), &application.name)
    }

    /// Something in an account and region.
    pub(super) fn below(place: &Place, resource: String, name: &str) -> Self {
        Self {
            account: place.account.clone(),
            region: Some(place.region.clone()),
            resource,
            name: Some(name.to_owned()),
        }
    }

    /// A list of an application that could not be read: `<application ARN>/campaigns` or `…/journeys`.
    pub(super) fn list(place: &Place, application: &Application, list: &str) -> Self {
        Self::below(place, format!("{}/{list}", application.arn), &application.name)
    }
}
