//! The page an export opens with: no scripts, nothing from elsewhere.

use std::fmt::Write;

use chrono::{DateTime, Utc};

use super::store::FileRecord;

/// A file in the archive.
pub(super) struct Entry<'a> {
    /// Where it lies in it.
    pub(super) path: String,
    /// What it is.
    pub(super) file: &'a FileRecord,
}

/// Makes the page of an export: whose it is, its parts by name, title and number of
/// rows, and its files.
pub(super) fn index_page(
    name: &str,
    made_at: DateTime<Utc>,
    parts: &[(&str, &str, usize)],
    entries: &[Entry<'_>],
) -> String {
    let mut rows = String::new();
    for (path, title, count) in parts {
        let _ = writeln!(rows, "<li><a href=\"{path}\">{title}</a> ({count})</li>");
    }
    let mut files = String::new();
    for Entry { path, file } in entries {
        let _ = writeln!(
            files,
            "<tr><td><a href=\"{}\">{}</a></td><td>{}</td><td>{}</td><td>{}</td></tr>",
            escaped(&address(path)),
            escaped(&file.title),
            escaped(&file.case_title),
            file.number,
            file.created_at.format("%d %B %Y"),
        );
    }
    let files = if entries.is_empty() {
        "<p>There are no files.</p>\n".to_owned()
    } else {
        format!(
            "<div class=\"wide\"><table><thead><tr><th>Document</th><th>Case</th>\
             <th>Version</th><th>Received</th></tr></thead>\n<tbody>{files}</tbody></table></div>\n"
        )
    };
    let body = format!(
        "<h1>{name}</h1>\n<p class=\"soft\">What the chamber holds, as of {at}. Open a file by \
         its name; keep the whole folder together.</p>\n<h2>Files</h2>\n{files}<h2>Lists</h2>\n\
         <p class=\"soft\">Each is a JSON file, for other programs; any text editor shows \
         it.</p>\n<ul>\n{rows}</ul>\n",
        name = escaped(name),
        at = made_at.format("%d %B %Y, %H:%M UTC"),
    );
    standing_alone(name, &body)
}

/// A page that opens without this service: nothing runs in it and nothing is fetched.
pub(super) fn standing_alone(title: &str, body: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<style>{STYLE}</style></head>\n<body>{body}</body></html>\n",
        title = escaped(title),
    )
}

/// How such a page looks, on a screen and on paper.
const STYLE: &str = "\
body{font:16px/1.5 system-ui,sans-serif;color:#1c1b19;background:#fff;max-width:56rem;margin:2rem auto;padding:0 1rem;overflow-wrap:anywhere}\
h1{font:600 1.6rem/1.25 Georgia,serif;margin:0 0 .5rem}h2{font-size:1.05rem;margin:2rem 0 .5rem}\
.soft{color:#5d5a54}table{border-collapse:collapse;width:100%}\
th,td{border-bottom:1px solid #d9d5cc;padding:.45rem .6rem .45rem 0;text-align:left;vertical-align:top}\
thead th{color:#5d5a54;font-weight:500}.num{text-align:right;padding-right:0}.wide{overflow-x:auto}\
pre{white-space:pre-wrap;border:1px solid #d9d5cc;padding:1rem;font-size:.85rem}\
@media print{body{margin:0;max-width:none;font-size:10.5pt}tr,li{break-inside:avoid}a{color:inherit}}";

/// A path as a link has it.
fn address(path: &str) -> String {
    path.split('/')
        .map(|part| url::form_urlencoded::byte_serialize(part.as_bytes()).collect::<String>())
        .map(|part| part.replace('+', "%20"))
        .collect::<Vec<_>>()
        .join("/")
}

/// A text as a page has it.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_typed_is_text_and_nothing_else() {
        let page = index_page("<script>\"x\"</script>", DateTime::UNIX_EPOCH, &[], &[]);
        assert!(!page.contains("<script"), "{page}");
        assert!(page.contains("&lt;script&gt;"), "{page}");
        assert_eq!(address("files/a b#.pdf"), "files/a%20b%23.pdf");
    }
}
