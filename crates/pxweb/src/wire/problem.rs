use serde::{Deserialize, Serialize};

use super::{Rest, nullable};
use crate::FaultKind;

/// The body of a refusal, as far as there is one.
///
/// `status` is the body's own and sometimes contradicts HTTP; HTTP decides.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Problem {
    /// `Parameter error`.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// `Non-existent table`.
    #[serde(deserialize_with = "nullable")]
    pub title: String,
    /// What the body claims.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// More, at some.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Members that are not known here, `errors` among them.
    #[serde(flatten)]
    pub rest: Rest,
}

/// Characters of a page or text that are kept as a title.
const LONGEST_TITLE: usize = 200;

impl Problem {
    /// Reads whatever a server sends with a refusal: a problem, `{"error": …}`, plain text, a
    /// page in HTML, or nothing.
    pub fn read(body: &[u8]) -> Problem {
        let text = String::from_utf8_lossy(body);
        let text = text.trim().trim_start_matches('\u{feff}');
        if text.starts_with('{') {
            return Problem::read_json(text);
        }
        match text.starts_with('<') {
            true => Problem::titled(html_title(text)),
            false => Problem::titled(text),
        }
    }

    /// Which refusal this is, by its HTTP status and the words of its body.
    pub fn fault(&self, http_status: u16) -> Option<FaultKind> {
        let said = match self.title.as_str() {
            "Unsupported language" => Some(FaultKind::UnsupportedLanguage),
            "Non-existent table" => Some(FaultKind::NonExistentTable),
            "Non-existent variable" => Some(FaultKind::NonExistentVariable),
            "Non-existent codelist" => Some(FaultKind::NonExistentCodeList),
            "Non-existent value" => Some(FaultKind::NonExistentValue),
            "Missing selection for mandantory variable" => Some(FaultKind::MissingSelection),
            "Illegal selection expression" => Some(FaultKind::IllegalExpression),
            "Too many cells selected" | "Too many values selected" => Some(FaultKind::TooManyCells),
            "Unsupported output format" => Some(FaultKind::UnsupportedFormat),
            "Non-existent page" => Some(FaultKind::NonExistentPage),
            "Saved query not found" => Some(FaultKind::SavedQueryNotFound),
            "One or more validation errors occurred." => Some(FaultKind::Validation),
            _ => None,
        };
        said.or(match http_status {
            429 => Some(FaultKind::RateLimited),
            500 if self.title.is_empty() => Some(FaultKind::DuplicateCode),
            502..=504 => Some(FaultKind::Unavailable),
            _ => None,
        })
    }

    /// The first of the validation errors, where there are any.
    pub fn first_error(&self) -> Option<&str> {
        let errors = self.rest.get("errors")?.as_object()?;
        errors.values().find_map(|texts| texts.get(0)?.as_str())
    }

    fn read_json(text: &str) -> Problem {
        let Ok(object) = serde_json::from_str::<Rest>(text) else {
            return Problem::titled(text);
        };
        if let Some(error) = object.get("error").and_then(serde_json::Value::as_str) {
            let title = error.to_owned();
            return Problem { title, ..Problem::default() };
        }
        let value = serde_json::Value::Object(object);
        serde_json::from_value(value).unwrap_or_else(|_| Problem::titled(text))
    }

    fn titled(text: &str) -> Problem {
        let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let title = line.chars().take(LONGEST_TITLE).collect();
        Problem { title, ..Problem::default() }
    }
}

/// The title of a page in HTML; `HTML` where it has none.
fn html_title(page: &str) -> &str {
    let lower = page.to_ascii_lowercase();
    let title = || {
        let start = lower.find("<title")?;
        let start = start + lower[start..].find('>')? + 1;
        let end = start + lower[start..].find('<')?;
        // Lowering ASCII letters does not move a byte.
        Some(page[start..end].trim())
    };
    title().filter(|title| !title.is_empty()).unwrap_or("HTML")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str, http_status: u16) -> String {
        let problem = Problem::read(body.as_bytes());
        format!("{} / {:?}", problem.title, problem.fault(http_status))
    }

    #[test]
    fn whatever_stands_in_the_body_is_read() {
        let table = r#"{"type":"Parameter error","title":"Non-existent table","status":404}"#;
        assert_eq!(read(table, 400), "Non-existent table / Some(NonExistentTable)");
        assert_eq!(
            read(r#"{"error":"Too many values selected"}"#, 403),
            "Too many values selected / Some(TooManyCells)"
        );
        assert_eq!(
            read("<html><TITLE>404 - File or directory\n not found.</title>", 404),
            "404 - File or directory not found. / None"
        );
        assert_eq!(
            read("API calls quota exceeded!", 429),
            "API calls quota exceeded! / Some(RateLimited)"
        );
        assert_eq!(read("", 500), " / Some(DuplicateCode)");
        assert_eq!(read("{\"title\": [1]}", 503), "{\"title\": [1]} / Some(Unavailable)");
        assert_eq!(read("<p>gone", 410), "HTML / None");
    }

    #[test]
    fn a_validation_error_gives_its_first_sentence() {
        let body = br#"{"title":"One or more validation errors occurred.","status":400,
            "errors":{"pageSize":["The value 'x' is not valid."]}}"#;
        assert_eq!(Problem::read(body).first_error(), Some("The value 'x' is not valid."));
    }
}
