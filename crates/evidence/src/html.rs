//! Pages that stand alone: headings, paragraphs and tables, and everything escaped.
//!
//! No scripts and nothing from elsewhere; the style is inside, so that the file can be kept,
//! sent and printed.

use std::fmt::Write;

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:72rem;\
padding:0 1rem;color:#1b1b1b;background:#fff}h1,h2{line-height:1.2}table{border-collapse:collapse;\
margin:1rem 0 2rem}.wide{overflow-x:auto}caption{text-align:left;font-weight:600;\
padding:.25rem 0}th,td{border-bottom:1px solid #767676;padding:.25rem .75rem;text-align:left;\
vertical-align:top}.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}\
@media (prefers-color-scheme:dark){body{color:#f2f2f2;background:#151515}}";

/// A page under construction.
pub(crate) struct Page {
    body: String,
    title: String,
    language: &'static str,
}

/// A table with a caption; the first column names its row.
pub(crate) struct Table {
    pub(crate) caption: String,
    pub(crate) heads: Vec<Head>,
    pub(crate) rows: Vec<Vec<String>>,
}

/// The head of a column.
pub(crate) struct Head {
    title: String,
    is_number: bool,
}

impl Head {
    /// A column of text.
    pub(crate) fn text(title: String) -> Self {
        Self { title, is_number: false }
    }

    /// A column of numbers.
    pub(crate) fn number(title: String) -> Self {
        Self { title, is_number: true }
    }
}

impl Page {
    pub(crate) fn new(language: &'static str, title: &str) -> Self {
        let body = format!("<h1>{}</h1>\n", escaped(title));
        Self { body, title: title.to_owned(), language }
    }

    pub(crate) fn heading(&mut self, text: &str) {
        let _ = writeln!(self.body, "<h2>{}</h2>", escaped(text));
    }

    pub(crate) fn paragraph(&mut self, text: &str) {
        let _ = writeln!(self.body, "<p>{}</p>", escaped(text));
    }

    pub(crate) fn list(&mut self, items: &[String]) {
        if items.is_empty() {
            return;
        }
        self.body.push_str("<ul>\n");
        for item in items {
            let _ = writeln!(self.body, "<li>{}</li>", escaped(item));
        }
        self.body.push_str("</ul>\n");
    }

    pub(crate) fn table(&mut self, table: &Table) {
        let _ = writeln!(
            self.body,
            "<div class=\"wide\" role=\"region\" tabindex=\"0\" aria-label=\"{0}\">\n<table>\n\
             <caption>{0}</caption>\n<thead><tr>",
            escaped(&table.caption)
        );
        for head in &table.heads {
            let class = class(head);
            let _ = write!(self.body, "<th scope=\"col\"{class}>{}</th>", escaped(&head.title));
        }
        self.body.push_str("</tr></thead>\n<tbody>\n");
        for row in &table.rows {
            self.body.push_str("<tr>");
            for (at, (cell, head)) in row.iter().zip(&table.heads).enumerate() {
                let class = class(head);
                let _ = match at {
                    0 => write!(self.body, "<th scope=\"row\"{class}>{}</th>", escaped(cell)),
                    _ => write!(self.body, "<td{class}>{}</td>", escaped(cell)),
                };
            }
            self.body.push_str("</tr>\n");
        }
        self.body.push_str("</tbody>\n</table>\n</div>\n");
    }

    /// Returns the whole file.
    pub(crate) fn finish(self) -> String {
        format!(
            "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <title>{}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n{}</main>\n\
             </body>\n</html>\n",
            self.language,
            escaped(&self.title),
            self.body
        )
    }
}

fn class(head: &Head) -> &'static str {
    if head.is_number { " class=\"number\"" } else { "" }
}

/// Writes text so that none of it is read as markup.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            letter if letter.is_control() => safe.push(' '),
            letter => safe.push(letter),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_is_written_is_read_as_markup() {
        let mut page = Page::new("en", "<script>alert(1)</script>");
        page.table(&Table {
            caption: "a & b".to_owned(),
            heads: vec![Head::text("\"x\"".to_owned()), Head::number("n".to_owned())],
            rows: vec![vec!["<b>".to_owned(), "1".to_owned()]],
        });
        let text = page.finish();
        assert!(!text.contains("<script") && !text.contains("<b>"), "{text}");
        assert!(text.contains("<caption>a &amp; b</caption>"), "{text}");
        assert!(text.contains("<td class=\"number\">1</td>"), "{text}");
    }
}
