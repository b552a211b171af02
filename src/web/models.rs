//! The language models: what answers now, how each stands, and what failed lately.

use askama::Template;

use super::page::{Layout, pages};
use super::show::Moment;

/// The models that answer, and the history of their outages.
#[derive(Debug, Clone, Template)]
#[template(path = "admin/models.html")]
pub struct ModelsPage {
    /// The frame.
    pub layout: Layout,
    /// The model that is asked first now, if one is.
    pub model: Option<String>,
    /// Why none is.
    pub why: String,
    /// How long a whole answer may take, in words.
    pub deadline: String,
    /// The models, in the order they are asked.
    pub models: Vec<ModelRow>,
    /// Outages, those that last first.
    pub outages: Vec<OutageRow>,
    /// Switches, by the hour.
    pub switches: Vec<SwitchRow>,
}

/// A model.
#[derive(Debug, Clone)]
pub struct ModelRow {
    /// Its place, from 1.
    pub place: usize,
    /// The model.
    pub model: String,
    /// Who runs it.
    pub provider: String,
    /// The style's name of its state: `working`, `limited`, `missing`.
    pub health: &'static str,
    /// Its state, in words.
    pub state: String,
    /// Why it is left alone, as a sentence.
    pub reason: Option<String>,
    /// Whether it is left alone, so that it can be asked again.
    pub is_away: bool,
    /// When it last answered.
    pub last_success: Option<Moment>,
    /// When it last failed, and why.
    pub last_failure: Option<(Moment, String)>,
    /// The last hour's calls, in words.
    pub calls: String,
    /// How long its answers took, in words.
    pub took: Option<String>,
}

/// A time in which something was away.
#[derive(Debug, Clone)]
pub struct OutageRow {
    /// What.
    pub name: String,
    /// Why, as a sentence.
    pub reason: String,
    /// Since when.
    pub began: Moment,
    /// Until when.
    pub ended: Option<Moment>,
}

/// Answers of an hour that went on with another model.
#[derive(Debug, Clone)]
pub struct SwitchRow {
    /// The hour's beginning.
    pub hour: Moment,
    /// The model that failed.
    pub from: String,
    /// The model that went on.
    pub to: String,
    /// Why.
    pub reason: String,
    /// How many answers.
    pub answers: i64,
}

pages!(ModelsPage);

#[cfg(test)]
mod samples {
    use chrono::{DateTime, TimeDelta};

    use super::super::page::Area;
    use super::*;
    use crate::kernel::Role;

    fn moment(minutes: i64) -> Moment {
        Moment(DateTime::UNIX_EPOCH + TimeDelta::minutes(29_000_000 + minutes))
    }

    impl ModelsPage {
        pub(crate) fn sample() -> Self {
            let row = |place, model: &str| ModelRow {
                place,
                model: model.to_owned(),
                provider: "host.example".to_owned(),
                health: "working",
                state: "working".to_owned(),
                reason: None,
                is_away: false,
                last_success: Some(moment(0)),
                last_failure: None,
                calls: "12 calls, none failed".to_owned(),
                took: Some("half within 2.1 s, 95 % within 6.0 s".to_owned()),
            };
            let away = ModelRow {
                health: "missing",
                state: "left alone".to_owned(),
                reason: Some("The model could not be reached.".to_owned()),
                is_away: true,
                last_failure: Some((moment(5), "The model could not be reached.".to_owned())),
                took: None,
                ..row(1, "large")
            };
            Self {
                layout: Layout::sample("Language models", Area::Models, Role::Admin),
                model: Some("small".to_owned()),
                why: String::new(),
                deadline: "3 minutes".to_owned(),
                models: vec![away, row(2, "small")],
                outages: vec![OutageRow {
                    name: "host.example / large".to_owned(),
                    reason: "The model could not be reached.".to_owned(),
                    began: moment(5),
                    ended: None,
                }],
                switches: vec![SwitchRow {
                    hour: moment(0),
                    from: "host.example / large".to_owned(),
                    to: "other.example / small".to_owned(),
                    reason: "not reached".to_owned(),
                    answers: 4,
                }],
            }
        }

        pub(crate) fn sample_empty() -> Self {
            Self {
                model: None,
                why: "No language model is set up.".to_owned(),
                models: Vec::new(),
                outages: Vec::new(),
                switches: Vec::new(),
                ..Self::sample()
            }
        }
    }
}
