//! Nobody prepared a voice message.

use super::context::Context;
use super::judgement::Judgement;
use super::{Finding, Rule, rule};
use crate::estate::{Place, TemplateType};

rule! {
    /// No message template for voice exists where an application carries PHI.
    ///
    /// Passes when `ListTemplates` was read to its end and shows no template of type VOICE, and fails when it shows one.
    /// Templates belong to an account and region, not to an application.
    ///
    /// ## Why
    ///
    /// AWS's compliance page for Amazon Pinpoint says not to use the voice channel for messages that contain PHI. A
    /// voice template is a message that is ready to be spoken.
    ///
    /// ## Fix
    ///
    /// AWS CLI: `aws pinpoint delete-voice-template --template-name NAME`.
    ///
    /// ## Limits
    ///
    /// A voice message needs no template: a direct send carries its own text. The text of templates is never read.
    "voice-templates-absent", "No voice templates", Recommended, Voice, judge
}

fn judge(rule: &Rule, context: &Context<'_>) -> Vec<Finding> {
    context.phi_places(rule, judge_templates)
}

fn judge_templates(place: &Place, judgement: &mut Judgement) {
    let templates = &place.templates;
    for listed in &templates.seen {
        let calls = std::slice::from_ref(&listed.call);
        match &listed.value.kind {
            Some(TemplateType::Voice) => {
                let name = listed.value.name.as_deref().unwrap_or("without a name");
                judgement.violated(format!("ListTemplates shows the voice template {name}."), calls);
            }
            Some(_) => {}
            None => judgement.lacks("ListTemplates", calls),
        }
    }
    match &templates.gap {
        Some(gap) => judgement.unread(gap),
        None => judgement.holds("ListTemplates shows no voice template.", &templates.calls),
    }
}
