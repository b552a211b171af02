//! Tables as CSV: read leniently, written so that a spreadsheet takes nothing for a
//! formula.

/// A line of a table as it stood in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its number in the file, from 1.
    pub line: usize,
    /// Its cells.
    pub cells: Vec<String>,
}

/// What may stand between cells.
const MARKS: [char; 3] = [',', ';', '\t'];

/// Reads a table: cells between commas, semicolons or tabs, quoted where they hold one. Empty
/// lines are left out.
#[must_use]
pub fn read(text: &str) -> Vec<Row> {
    let text = text.trim_start_matches('\u{feff}');
    let mark = mark_of(text);
    let (mut rows, mut cells, mut cell) = (Vec::new(), Vec::new(), String::new());
    let (mut line, mut began, mut quoted) = (1, 1, false);
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                cell.push('"');
            }
            '"' if quoted || cell.trim().is_empty() => quoted = !quoted,
            '\n' if !quoted => {
                line += 1;
                cells.push(std::mem::take(&mut cell));
                end(&mut rows, began, &std::mem::take(&mut cells));
                began = line;
            }
            '\r' if !quoted => {}
            letter if letter == mark && !quoted => cells.push(std::mem::take(&mut cell)),
            letter => {
                line += usize::from(letter == '\n');
                cell.push(letter);
            }
        }
    }
    cells.push(cell);
    end(&mut rows, began, &cells);
    rows
}

/// What stands between the cells: what the first line has most of, when the second has it as
/// often; otherwise the first line is a title, and the first of four cells or more decides.
fn mark_of(text: &str) -> char {
    let lines = marks_of_lines(text);
    let most = |counts: &[usize; 3]| {
        // The first of the most frequent.
        let place = (0..3).rev().max_by_key(|place| counts[*place]).unwrap_or(0);
        (place, counts[place])
    };
    let (first, times) = lines.first().map_or((0, 0), most);
    let goes_on = times > 0 && lines.get(1).is_none_or(|next| next[first] >= times);
    let head = lines.iter().skip(1).map(most).find(|(_, times)| *times >= 3 && !goes_on);
    MARKS[head.map_or(first, |(place, _)| place)]
}

/// How often each of the marks stands outside quotes in the first ten lines that are not empty.
fn marks_of_lines(text: &str) -> Vec<[usize; 3]> {
    let (mut lines, mut counts) = (Vec::new(), [0; 3]);
    let (mut quoted, mut is_empty) = (false, true);
    for letter in text.chars().chain(['\n']) {
        quoted ^= letter == '"';
        is_empty &= letter.is_whitespace();
        if letter == '\n' && !quoted {
            if !std::mem::replace(&mut is_empty, true) {
                lines.push(counts);
            }
            counts = [0; 3];
            if lines.len() == 10 {
                break;
            }
        }
        if let (false, Some(place)) = (quoted, MARKS.iter().position(|mark| *mark == letter)) {
            counts[place] += 1;
        }
    }
    lines
}

fn end(rows: &mut Vec<Row>, line: usize, cells: &[String]) {
    let cells: Vec<String> = cells.iter().map(|cell| cell.trim().to_owned()).collect();
    if cells.iter().any(|cell| !cell.is_empty()) {
        rows.push(Row { line, cells });
    }
}

/// A cell in quotes. One that a spreadsheet could take for a formula is written with a
/// leading apostrophe.
#[must_use]
pub fn quoted(text: &str) -> String {
    let risky = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let guard = if risky { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mark_is_that_of_the_heading_and_not_of_a_title_or_of_what_stands_in_quotes() {
        let second = |text: &str| read(text).swap_remove(1).cells;
        assert_eq!(second("a,b\n\"x\n;;;\n\",1"), ["x\n;;;", "1"]);
        assert_eq!(second("a,b\nx;;;y,1"), ["x;;;y", "1"]);
        let titled = "Cases of Mehta, Rao\n\nNo;Case;Court;Stage\n1;A v. B;DHC;trial";
        assert_eq!(second(titled), ["No", "Case", "Court", "Stage"]);
        assert_eq!(second("Cases\nNo\tCase\tCourt\tStage"), ["No", "Case", "Court", "Stage"]);
    }
}
