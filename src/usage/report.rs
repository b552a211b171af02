//! What the calls of a period came to, for admins and billing.

use std::fmt::Write;
use std::str::FromStr;

use chrono::{DateTime, Days, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::csv::{dollars, quoted, rupees};
use super::{Usage, store};
use crate::db::DbError;
use crate::kernel::{MicroDollars, Paise, Permission, Scope};

/// What a report's lines stand for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// A day, in UTC.
    #[default]
    Day,
    /// A person.
    User,
    /// A case.
    Case,
    /// A model.
    Model,
    /// What calls are for.
    Purpose,
    /// Who runs the models.
    Provider,
}

impl By {
    /// The stored and shown form.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::User => "user",
            Self::Case => "case",
            Self::Model => "model",
            Self::Purpose => "purpose",
            Self::Provider => "provider",
        }
    }
}

impl FromStr for By {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "day" => Ok(Self::Day),
            "user" => Ok(Self::User),
            "case" => Ok(Self::Case),
            "model" => Ok(Self::Model),
            "purpose" => Ok(Self::Purpose),
            "provider" => Ok(Self::Provider),
            other => Err(format!("`{other}` is none of day, user, case, model, purpose, provider")),
        }
    }
}

/// The days a report covers, both ends included, in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
}

impl Period {
    /// The first moment of it, and the first after it.
    #[must_use]
    pub fn bounds(self) -> (DateTime<Utc>, DateTime<Utc>) {
        let start = |day: NaiveDate| day.and_time(chrono::NaiveTime::MIN).and_utc();
        let after = self.to.checked_add_days(Days::new(1)).unwrap_or(self.to);
        (start(self.from), start(after))
    }
}

/// One line of a report: the calls of one day, person, case or model.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow, Serialize, ToSchema)]
pub struct Line {
    /// The day, name, title or model.
    pub label: String,
    /// The id of the person or case, where the line is of one that is open to the reader.
    pub id: Option<uuid::Uuid>,
    /// How many calls.
    pub calls: i64,
    /// How many of them failed or broke off.
    pub failed: i64,
    /// How many answers were made without a model.
    pub extractive: i64,
    /// Tokens in prompts.
    pub tokens_in: i64,
    /// Of them, cached.
    pub tokens_cached: i64,
    /// Tokens in answers.
    pub tokens_out: i64,
    /// Tokens turned into vectors.
    pub tokens_embedded: i64,
    /// Calls whose tokens were counted here.
    pub estimated: i64,
    /// Calls of models the price book does not know.
    pub unpriced: i64,
    /// What they cost.
    pub cost_microdollars: MicroDollars,
    /// The same in rupees, at each call's rate.
    pub cost_paise: Paise,
    /// What answers that were made before saved.
    pub saved_microdollars: MicroDollars,
    /// The same in rupees.
    pub saved_paise: Paise,
}

/// What one model cost on one day, for a chart.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Stack {
    /// The day, in UTC.
    pub day: String,
    /// Who runs the model, and which.
    pub model: String,
    /// What it cost.
    pub cost_paise: Paise,
}

/// What the calls of a period came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Report {
    /// What the lines stand for.
    pub by: By,
    /// The lines.
    pub lines: Vec<Line>,
    /// Their sum.
    pub total: Line,
}

impl Usage {
    /// Sums the calls of the caller's organisation; none unless they may see costs.
    /// Cases a wall keeps them from are one line without a title.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn report(
        &self,
        scope: &Scope,
        period: Period,
        by: By,
    ) -> Result<Option<Report>, DbError> {
        if !scope.may(Permission::ReadCosts) {
            return Ok(None);
        }
        let (from, until) = period.bounds();
        let mut tx = self.db.read().await?;
        let lines = store::report(&mut tx, scope, from, until, by).await?;
        let total = lines.iter().fold(Line::empty(), Line::plus);
        Ok(Some(Report { by, lines, total }))
    }

    /// What each model cost on each day of a period; nothing unless the caller may see
    /// costs.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn stacks(&self, scope: &Scope, period: Period) -> Result<Vec<Stack>, DbError> {
        if !scope.may(Permission::ReadCosts) {
            return Ok(Vec::new());
        }
        let (from, until) = period.bounds();
        let mut tx = self.db.read().await?;
        store::calls::stacks(&mut tx, scope.organisation(), from, until).await
    }
}

impl Line {
    fn empty() -> Self {
        Self {
            label: "Total".to_owned(),
            id: None,
            calls: 0,
            failed: 0,
            extractive: 0,
            tokens_in: 0,
            tokens_cached: 0,
            tokens_out: 0,
            tokens_embedded: 0,
            estimated: 0,
            unpriced: 0,
            cost_microdollars: MicroDollars(0),
            cost_paise: Paise(0),
            saved_microdollars: MicroDollars(0),
            saved_paise: Paise(0),
        }
    }

    fn plus(self, other: &Self) -> Self {
        Self {
            label: self.label,
            id: self.id,
            calls: self.calls + other.calls,
            failed: self.failed + other.failed,
            extractive: self.extractive + other.extractive,
            tokens_in: self.tokens_in + other.tokens_in,
            tokens_cached: self.tokens_cached + other.tokens_cached,
            tokens_out: self.tokens_out + other.tokens_out,
            tokens_embedded: self.tokens_embedded + other.tokens_embedded,
            estimated: self.estimated + other.estimated,
            unpriced: self.unpriced + other.unpriced,
            cost_microdollars: self.cost_microdollars + other.cost_microdollars,
            cost_paise: self.cost_paise + other.cost_paise,
            saved_microdollars: self.saved_microdollars + other.saved_microdollars,
            saved_paise: self.saved_paise + other.saved_paise,
        }
    }
}

impl Report {
    /// The report as CSV. A label that a spreadsheet could take for a formula is
    /// written with a leading apostrophe.
    #[must_use]
    pub fn csv(&self) -> String {
        let mut csv = format!(
            "{},calls,failed,without_model,tokens_in,tokens_cached,tokens_out,tokens_embedded,\
             estimated_calls,unpriced_calls,cost_usd,cost_inr,saved_inr\n",
            self.by.as_str()
        );
        for line in self.lines.iter().chain([&self.total]) {
            let _ = writeln!(
                csv,
                "{},{},{},{},{},{},{},{},{},{},{},{},{}",
                quoted(&line.label),
                line.calls,
                line.failed,
                line.extractive,
                line.tokens_in,
                line.tokens_cached,
                line.tokens_out,
                line.tokens_embedded,
                line.estimated,
                line.unpriced,
                dollars(line.cost_microdollars),
                rupees(line.cost_paise),
                rupees(line.saved_paise)
            );
        }
        csv
    }
}
