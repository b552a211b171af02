//! What the models cost, for admins.

use std::collections::BTreeMap;

use askama::Template;

use super::page::{Layout, Link, pages};
use super::show::{Count, Day, grouped};
use crate::kernel::{MicroDollars, Paise};
use crate::usage::{Events, Stack};

/// The AI cost report.
#[derive(Debug, Clone, Template)]
#[template(path = "admin/costs.html")]
pub struct CostsPage {
    /// The frame.
    pub layout: Layout,
    /// The first day counted.
    pub from: Day,
    /// The last day counted.
    pub to: Day,
    /// What the rows are.
    pub by: CostBy,
    /// The rows.
    pub rows: Vec<CostRow>,
    /// Their sum.
    pub total: CostRow,
    /// What each model cost on each day.
    pub stacks: Vec<Stack>,
    /// What became of the answers.
    pub events: Events,
    /// The periods one click away.
    pub presets: Vec<Tab>,
}

/// What a cost report is broken down by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CostBy {
    /// The day of the call.
    Day,
    /// Who asked.
    User,
    /// The case it was for.
    Case,
    /// The model that answered.
    Model,
    /// What the call was for.
    Purpose,
    /// Who runs the model.
    Provider,
}

impl CostBy {
    /// Every breakdown, in the order of the tabs.
    pub const ALL: [Self; 6] =
        [Self::Day, Self::User, Self::Case, Self::Model, Self::Purpose, Self::Provider];

    /// The word in addresses.
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

    /// The word on the tab.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Day => "Day",
            Self::User => "User",
            Self::Case => "Case",
            Self::Model => "Model",
            Self::Purpose => "Purpose",
            Self::Provider => "Provider",
        }
    }
}

/// A row of the report.
#[derive(Debug, Clone, Default)]
pub struct CostRow {
    /// The day, user, case or model.
    pub label: String,
    /// Where the label leads.
    pub href: Option<String>,
    /// Calls made.
    pub calls: u64,
    /// Of them, calls that failed.
    pub failed: u64,
    /// Of them, calls another provider had to take.
    pub fallbacks: u64,
    /// Tokens read at the full price.
    pub tokens_in: u64,
    /// Tokens read from the provider's cache.
    pub tokens_cached: u64,
    /// Tokens written.
    pub tokens_out: u64,
    /// Tokens embedded.
    pub tokens_embedded: u64,
    /// The cost in dollars.
    pub dollars: MicroDollars,
    /// The cost in rupees, at the rate of each call's day.
    pub rupees: Paise,
    /// What answers that were made before saved.
    pub saved: Paise,
    /// Whether some tokens were counted here because a stream broke.
    pub estimated: bool,
}

/// A tab over the report.
#[derive(Debug, Clone)]
pub struct Tab {
    /// Where it leads.
    pub link: Link,
    /// Whether it is the one shown.
    pub current: bool,
}

/// A part of a bar of the chart, in the chart's own units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// What it stands for: a model and a day.
    pub label: String,
    /// Its value, written.
    pub value: String,
    /// Where its calls are listed.
    pub href: String,
    /// Which of the colours it has.
    pub colour: usize,
    /// Its left edge.
    pub x: u64,
    /// Its top edge.
    pub y: u64,
    /// Its width.
    pub width: u64,
    /// Its height.
    pub height: u64,
}

/// The chart's width and height, in its own units.
const CHART: (u64, u64) = (960, 160);

/// How many colours the chart has.
const COLOURS: usize = 8;

/// The widest a bar is drawn.
const WIDEST: u64 = 64;

impl CostsPage {
    /// The tabs that lead to the other breakdowns.
    #[must_use]
    pub fn tabs(&self) -> Vec<Tab> {
        let (from, to) = (self.from.iso(), self.to.iso());
        let tab = |by: CostBy| {
            let href = format!("/admin/costs?by={}&from={from}&to={to}", by.as_str());
            Tab { link: Link::new(by.label(), href), current: by == self.by }
        };
        CostBy::ALL.into_iter().map(tab).collect()
    }

    /// The address of this report as CSV.
    #[must_use]
    pub fn csv(&self) -> String {
        format!(
            "/admin/costs.csv?by={}&from={}&to={}",
            self.by.as_str(),
            self.from.iso(),
            self.to.iso()
        )
    }

    /// Whether anything cost something.
    #[must_use]
    pub fn has_cost(&self) -> bool {
        self.stacks.iter().any(|stack| stack.cost_paise.0 > 0)
    }

    /// The models of the chart, each with its colour, the dearest first; those after the
    /// seventh share one.
    #[must_use]
    pub fn models(&self) -> Vec<(usize, String, Paise)> {
        let mut sums: BTreeMap<&str, Paise> = BTreeMap::new();
        for stack in &self.stacks {
            let sum = sums.entry(&stack.model).or_default();
            *sum = *sum + stack.cost_paise;
        }
        let mut models: Vec<(&str, Paise)> =
            sums.into_iter().filter(|(_, cost)| cost.0 > 0).collect();
        models.sort_by_key(|(name, cost)| (std::cmp::Reverse(*cost), *name));
        let colour = |(place, (name, cost)): (usize, (&str, Paise))| {
            (place.min(COLOURS - 1), name.to_owned(), cost)
        };
        models.into_iter().enumerate().map(colour).collect()
    }

    /// The days something was spent on, with the sum of each.
    #[must_use]
    pub fn days(&self) -> Vec<(String, Paise)> {
        let mut days: BTreeMap<&str, Paise> = BTreeMap::new();
        for stack in &self.stacks {
            let sum = days.entry(&stack.day).or_default();
            *sum = *sum + stack.cost_paise;
        }
        days.into_iter().map(|(day, cost)| (day.to_owned(), cost)).collect()
    }

    /// The bars of the chart: one a day, its models on top of each other, the dearest day
    /// as tall as the chart.
    #[must_use]
    pub fn bars(&self) -> Vec<Bar> {
        let (width, height) = CHART;
        let days = self.days();
        let dearest = days.iter().map(|(_, cost)| cost.0).max().unwrap_or(0).max(1);
        let slot = width / (days.len().max(1) as u64);
        let bar = (slot * 3 / 4).clamp(1, WIDEST);
        let models = self.models();
        let mut bars = Vec::new();
        for (place, (day, _)) in (0..).zip(&days) {
            let mut below = 0_i64;
            let of_day = |name: &str| {
                let found = self.stacks.iter().find(|one| one.day == *day && one.model == name);
                found.map(|one| one.cost_paise).filter(|cost| cost.0 > 0)
            };
            for (colour, name, _) in &models {
                let Some(cost) = of_day(name) else { continue };
                let top = below + cost.0;
                let scaled = |amount: i64| {
                    let share = i128::from(amount) * i128::from(height) / i128::from(dearest);
                    u64::try_from(share).unwrap_or(height)
                };
                let (low, high) = (scaled(below), scaled(top).max(scaled(below) + 1).min(height));
                bars.push(Bar {
                    label: format!("{day}, {name}"),
                    value: cost.to_string(),
                    href: calls_of(day, name),
                    colour: *colour,
                    x: place * slot + (slot - bar.min(slot)) / 2,
                    y: height - high,
                    width: bar,
                    height: high.saturating_sub(low),
                });
                below = top;
            }
        }
        bars
    }
}

/// Where the calls of a model on a day are listed.
fn calls_of(day: &str, model: &str) -> String {
    let (provider, model) = model.split_once(" / ").unwrap_or(("", model));
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("from", day), ("to", day), ("provider", provider), ("model", model)])
        .finish();
    format!("/admin/costs/calls?{query}")
}

impl CostRow {
    /// A count as it is written in the table; nothing is a dash.
    #[must_use]
    pub fn cell(&self, count: impl Count) -> String {
        if count.count() == 0 { String::from("–") } else { grouped(count) }
    }

    /// The cost in dollars, to the cent's hundredth.
    #[must_use]
    pub fn dollars_shown(&self) -> String {
        let hundredths = (self.dollars.0 + 50).div_euclid(100);
        format!("${}.{:04}", hundredths / 10_000, hundredths % 10_000)
    }
}

pages!(CostsPage);

#[cfg(test)]
mod samples {
    use super::super::page::Area;
    use super::super::parts::samples::day;
    use super::*;
    use crate::kernel::Role;
    use crate::usage::AnswersWithoutModel;

    fn stacks(at: i64, scale: u64) -> Vec<Stack> {
        let cost = i64::try_from(scale).unwrap();
        let stack = |model: &str, paise: i64| Stack {
            day: day(at).iso(),
            model: model.to_owned(),
            cost_paise: Paise(paise),
        };
        vec![stack("api.one / large", 140 * cost), stack("api.two / small", 48 * cost)]
    }

    fn row(label: String, scale: u64) -> CostRow {
        CostRow {
            label,
            href: None,
            calls: 12 * scale,
            failed: scale / 4,
            fallbacks: scale / 3,
            tokens_in: 41_200 * scale,
            tokens_cached: 12_800 * scale,
            tokens_out: 3_100 * scale,
            tokens_embedded: 0,
            dollars: MicroDollars(21_400 * i64::try_from(scale).unwrap()),
            rupees: Paise(188 * i64::try_from(scale).unwrap()),
            saved: Paise(12 * i64::try_from(scale).unwrap()),
            estimated: scale == 5,
        }
    }

    impl CostsPage {
        pub(crate) fn sample() -> Self {
            let scales = [3, 7, 5, 0, 2, 9, 11, 4, 6, 1, 8, 3, 7, 10];
            let rows = (-13..).zip(scales).map(|(at, scale)| row(day(at).to_string(), scale));
            Self {
                layout: Layout::sample("AI costs", Area::Costs, Role::Admin),
                from: day(-13),
                to: day(0),
                by: CostBy::Day,
                rows: rows.collect(),
                total: row(String::from("Total"), scales.iter().sum()),
                stacks: (-13..).zip(scales).flat_map(|(at, scale)| stacks(at, scale)).collect(),
                events: Events {
                    answers: 84,
                    without_model: vec![AnswersWithoutModel {
                        label: String::from("Answered from the documents without a language model"),
                        answers: 7,
                    }],
                    with_removals: 3,
                    removals: 4,
                },
                presets: vec![Tab {
                    link: Link::new("This month", "/admin/costs?from=2026-11-01&to=2026-11-03"),
                    current: true,
                }],
            }
        }

        pub(crate) fn sample_empty() -> Self {
            Self {
                rows: Vec::new(),
                total: CostRow::default(),
                by: CostBy::Case,
                stacks: Vec::new(),
                events: Events::default(),
                ..Self::sample()
            }
        }
    }

    #[test]
    fn the_dearest_day_fills_the_chart_and_its_models_stand_on_each_other() {
        let page = CostsPage::sample();
        let bars = page.bars();
        let mut tops: BTreeMap<u64, u64> = BTreeMap::new();
        for bar in &bars {
            *tops.entry(bar.x).or_default() += bar.height;
            assert!(bar.x + bar.width <= CHART.0 && bar.y + bar.height <= CHART.1);
        }
        assert_eq!(tops.values().max(), Some(&CHART.1));
        // Thirteen days cost something, each with two models.
        assert_eq!(bars.len(), 26);
        let days: Paise = page.days().into_iter().map(|(_, cost)| cost).sum();
        let models: Paise = page.models().into_iter().map(|(.., cost)| cost).sum();
        assert_eq!(days, models);
    }

    #[test]
    fn dollars_are_shown_to_a_hundredth_of_a_cent() {
        let row = CostRow { dollars: MicroDollars(1_234_567), ..CostRow::default() };
        assert_eq!(row.dollars_shown(), "$1.2346");
    }
}
