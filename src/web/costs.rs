//! What the models cost, for admins.

use askama::Template;

use super::page::{Layout, Link, pages};
use super::show::{Count, Day, grouped};
use crate::kernel::{MicroDollars, Paise};

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
}

impl CostBy {
    /// Every breakdown, in the order of the tabs.
    pub const ALL: [Self; 4] = [Self::Day, Self::User, Self::Case, Self::Model];

    /// The word in addresses.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::User => "user",
            Self::Case => "case",
            Self::Model => "model",
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

/// A bar of the chart, in the chart's own units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// What it stands for.
    pub label: String,
    /// Its value, written.
    pub value: String,
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

    /// The row that cost most, if anything did.
    #[must_use]
    pub fn dearest(&self) -> Option<&CostRow> {
        self.rows.iter().filter(|row| row.dollars.0 > 0).max_by_key(|row| row.dollars.0)
    }

    /// The bars of the chart, one a row, the dearest as tall as the chart.
    #[must_use]
    pub fn bars(&self) -> Vec<Bar> {
        let (width, height) = CHART;
        let count = self.rows.len().max(1) as u64;
        let dearest = self.dearest().map_or(1, |row| row.dollars.0);
        let slot = width / count;
        let bar = (slot * 3 / 4).clamp(1, WIDEST);
        let shape = |(place, row): (u64, &CostRow)| {
            let share = i128::from(row.dollars.0.max(0)) * i128::from(height) / i128::from(dearest);
            let tall = u64::try_from(share).unwrap_or(height).max(u64::from(row.dollars.0 > 0));
            Bar {
                label: row.label.clone(),
                value: row.rupees.to_string(),
                x: place * slot + (slot - bar.min(slot)) / 2,
                y: height - tall,
                width: bar,
                height: tall,
            }
        };
        (0..).zip(&self.rows).map(shape).collect()
    }
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
            }
        }

        pub(crate) fn sample_empty() -> Self {
            Self { rows: Vec::new(), total: CostRow::default(), by: CostBy::Case, ..Self::sample() }
        }
    }

    #[test]
    fn the_dearest_row_fills_the_chart_and_a_free_one_is_flat() {
        let bars = CostsPage::sample().bars();
        assert_eq!(bars.iter().map(|bar| bar.height).max(), Some(CHART.1));
        assert_eq!(bars[3].height, 0);
        assert!(bars.iter().all(|bar| bar.x + bar.width <= CHART.0));
    }

    #[test]
    fn dollars_are_shown_to_a_hundredth_of_a_cent() {
        let row = CostRow { dollars: MicroDollars(1_234_567), ..CostRow::default() };
        assert_eq!(row.dollars_shown(), "$1.2346");
    }
}
