//! Columns: what is read of entries without searching.

use std::sync::Arc;

use chrono::{Datelike as _, NaiveDate};
use tantivy::columnar::{Column, ColumnValues};
use tantivy::{DocId, Result, SegmentReader};
use uuid::Uuid;

use super::schema::DATE;

/// A column of ids, kept as their halves.
pub(super) struct Ids([Arc<dyn ColumnValues<u64>>; 2]);

impl Ids {
    /// Opens the column of a segment.
    pub(super) fn open(reader: &SegmentReader, [high, low]: [&str; 2]) -> Result<Self> {
        Ok(Self([numbers(reader, high)?, numbers(reader, low)?]))
    }

    /// The id of an entry.
    pub(super) fn get(&self, entry: DocId) -> Uuid {
        let [high, low] = &self.0;
        Uuid::from_u64_pair(high.get_val(entry), low.get_val(entry))
    }
}

/// A column of numbers; zero where an entry has none.
pub(super) fn numbers(reader: &SegmentReader, name: &str) -> Result<Arc<dyn ColumnValues<u64>>> {
    let column = reader.fast_fields().column_opt::<u64>(name)?;
    let column = column.unwrap_or_else(|| Column::build_empty_column(reader.max_doc()));
    Ok(column.first_or_default_col(0))
}

/// The column of dates.
pub(super) struct Dates(Option<Column<i64>>);

impl Dates {
    /// Opens the column of a segment.
    pub(super) fn open(reader: &SegmentReader) -> Result<Self> {
        Ok(Self(reader.fast_fields().column_opt::<i64>(DATE)?))
    }

    /// Days from 1970-01-01 to the date of a document.
    pub(super) fn days(&self, document: DocId) -> Option<i64> {
        self.0.as_ref().and_then(|column| column.first(document))
    }

    /// The date of a document.
    pub(super) fn date(&self, document: DocId) -> Option<NaiveDate> {
        self.days(document).and_then(date_of)
    }

    /// The year of a document.
    pub(super) fn year(&self, document: DocId) -> Option<i32> {
        self.days(document).and_then(Self::year_of)
    }

    /// The year of a day.
    pub(super) fn year_of(days: i64) -> Option<i32> {
        date_of(days).map(|date| date.year())
    }
}

fn date_of(days: i64) -> Option<NaiveDate> {
    NaiveDate::from_epoch_days(i32::try_from(days).ok()?)
}
