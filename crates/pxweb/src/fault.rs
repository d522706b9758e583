use std::fmt;

use serde_json::{Value, json};

/// What a server refuses, with the status and title that it uses.
///
/// The reference server's statuses and bodies sometimes disagree; both are kept.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{}{}", self.title(), Details(self))]
pub struct Fault {
    /// Which refusal.
    pub kind: FaultKind,
    /// The variable concerned, as asked for; for [`FaultKind::Validation`] the parameter.
    pub variable: Option<String>,
    /// The code, expression, code list or parameter concerned; for [`FaultKind::TooManyCells`]
    /// the number of cells, for [`FaultKind::Validation`] the server's message.
    pub code: Option<String>,
    /// Valid codes that resemble it, best first; for [`FaultKind::TooManyCells`] the limit.
    pub near: Vec<String>,
}

/// The refusals of the interface, both versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FaultKind {
    /// `lang` is not offered.
    UnsupportedLanguage,
    /// The table does not exist (in this language).
    NonExistentTable,
    /// The table has no such variable.
    NonExistentVariable,
    /// The variable has no such code list.
    NonExistentCodeList,
    /// The variable offers the code list, but its values have not been read: ours, not a server's.
    UnreadCodeList,
    /// The variable has no such code.
    NonExistentValue,
    /// A variable that may not be left out was (sic: "mandantory" on the wire).
    MissingSelection,
    /// `top(0)`, `a*b*c`, …
    IllegalExpression,
    /// The selection is larger than `maxDataCells`.
    TooManyCells,
    /// Output format or a parameter of it.
    UnsupportedFormat,
    /// `pageNumber` past the end.
    NonExistentPage,
    /// No such saved query.
    SavedQueryNotFound,
    /// A code or a variable is listed twice: the server falls over, 500 with an empty body.
    DuplicateCode,
    /// A parameter or body that cannot be bound (`application/problem+json`).
    Validation,
    /// An address that the server does not have.
    UnknownPath,
    /// A request target beyond what the gateway takes: 404 and a page in HTML.
    UrlTooLong,
    /// Too many calls.
    RateLimited,
    /// Out of service for the moment.
    Unavailable,
}

/// Where a fault is met: the same fault has other statuses at other addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Endpoint {
    /// `/tables/{id}/data`
    Data,
    /// `/tables`, `/tables/{id}`, its `/metadata` and `/defaultselection`.
    Metadata,
    /// `/codelists/{id}`
    CodeList,
    /// `/savedqueries/…`
    SavedQuery,
}

impl Fault {
    /// A fault about nothing in particular yet.
    pub fn new(kind: FaultKind) -> Fault {
        Fault { kind, variable: None, code: None, near: Vec::new() }
    }

    /// Names the variable.
    #[must_use]
    pub fn of(self, variable: &str) -> Fault {
        Fault { variable: Some(variable.to_owned()), ..self }
    }

    /// Names the code, expression, code list or parameter.
    #[must_use]
    pub fn about(self, code: &str) -> Fault {
        Fault { code: Some(code.to_owned()), ..self }
    }

    /// Finds the candidates that resemble what [`Fault::about`] named.
    #[must_use]
    pub fn near<'a>(self, candidates: impl IntoIterator<Item = &'a str>) -> Fault {
        let near = cube::nearest(self.code.as_deref().unwrap_or_default(), candidates);
        Fault { near, ..self }
    }

    /// A selection that is larger than is allowed.
    pub fn too_many_cells(cells: u64, limit: u64) -> Fault {
        let near = vec![limit.to_string()];
        Fault { near, ..Fault::new(FaultKind::TooManyCells).about(&cells.to_string()) }
    }

    /// A parameter that cannot be bound, with the server's message.
    pub fn validation(parameter: &str, message: &str) -> Fault {
        Fault::new(FaultKind::Validation).of(parameter).about(message)
    }

    /// The server's words in version 2; the cause in ours where it has none.
    pub fn title(&self) -> &'static str {
        match self.kind {
            FaultKind::UnsupportedLanguage => "Unsupported language",
            FaultKind::NonExistentTable => "Non-existent table",
            FaultKind::NonExistentVariable => "Non-existent variable",
            FaultKind::NonExistentCodeList => "Non-existent codelist",
            FaultKind::UnreadCodeList => "Code list not read",
            FaultKind::NonExistentValue => "Non-existent value",
            FaultKind::MissingSelection => "Missing selection for mandantory variable",
            FaultKind::IllegalExpression => "Illegal selection expression",
            FaultKind::TooManyCells => "Too many cells selected",
            FaultKind::UnsupportedFormat => "Unsupported output format",
            FaultKind::NonExistentPage => "Non-existent page",
            FaultKind::SavedQueryNotFound => "Saved query not found",
            FaultKind::DuplicateCode => "Selected twice",
            FaultKind::Validation => "One or more validation errors occurred.",
            FaultKind::UnknownPath => "Not found",
            FaultKind::UrlTooLong => "Address too long",
            FaultKind::RateLimited => "Too many requests",
            FaultKind::Unavailable => "Service unavailable",
        }
    }

    /// Status of the HTTP answer in version 2.
    pub fn http_status_v2(&self, at: Endpoint) -> u16 {
        match self.kind {
            FaultKind::NonExistentTable if at == Endpoint::Data => 400,
            FaultKind::NonExistentTable => 404,
            FaultKind::NonExistentCodeList if at == Endpoint::CodeList => 404,
            // An id that could be a path is refused before it is looked for.
            FaultKind::SavedQueryNotFound if self.names_a_path() => 400,
            FaultKind::NonExistentPage
            | FaultKind::SavedQueryNotFound
            | FaultKind::UnknownPath
            | FaultKind::UrlTooLong => 404,
            FaultKind::DuplicateCode => 500,
            FaultKind::RateLimited => 429,
            FaultKind::Unavailable => 503,
            _ => 400,
        }
    }

    /// The `status` in the body in version 2; `None` where the body is not the server's own JSON.
    pub fn body_status_v2(&self) -> Option<u16> {
        match self.kind {
            FaultKind::DuplicateCode
            | FaultKind::UnknownPath
            | FaultKind::UrlTooLong
            | FaultKind::RateLimited
            | FaultKind::Unavailable => None,
            FaultKind::NonExistentTable
            | FaultKind::NonExistentPage
            | FaultKind::SavedQueryNotFound => Some(404),
            _ => Some(400),
        }
    }

    /// The body in version 2; `None` where it is empty, plain text or HTML.
    pub fn v2_body(&self) -> Option<Value> {
        let status = self.body_status_v2()?;
        if self.kind == FaultKind::Validation {
            let parameter = self.variable.as_deref().unwrap_or_default();
            let message = self.code.as_deref().unwrap_or_default();
            return Some(json!({
                "type": "https://tools.ietf.org/html/rfc9110#section-15.5.1",
                "title": self.title(),
                "status": status,
                "errors": { parameter: [message] },
            }));
        }
        let mut body =
            json!({ "type": "Parameter error", "title": self.title(), "status": status });
        let has_detail = matches!(
            self.kind,
            FaultKind::TooManyCells
                | FaultKind::NonExistentPage
                | FaultKind::UnsupportedFormat
                | FaultKind::SavedQueryNotFound
        );
        if has_detail {
            body["detail"] = self.title().into();
        }
        Some(body)
    }

    /// Content type of [`Fault::v2_body`].
    pub fn v2_content_type(&self) -> &'static str {
        match self.kind {
            FaultKind::Validation => "application/problem+json; charset=utf-8",
            _ => "application/json; charset=utf-8",
        }
    }

    /// Status of the HTTP answer in version 0.
    pub fn v0_status(&self) -> u16 {
        match self.kind {
            FaultKind::TooManyCells => 403,
            FaultKind::UnknownPath | FaultKind::UrlTooLong => 404,
            FaultKind::RateLimited => 429,
            FaultKind::Unavailable => 503,
            _ => 400,
        }
    }

    /// The body in version 0; `None` where it is empty, plain text or HTML.
    pub fn v0_body(&self) -> Option<Value> {
        let error = match self.kind {
            FaultKind::UnknownPath | FaultKind::UrlTooLong | FaultKind::Unavailable => return None,
            FaultKind::TooManyCells => "Too many values selected".to_owned(),
            FaultKind::RateLimited => {
                "429 - Too many requests in too short timeframe. Please try again later.".to_owned()
            }
            FaultKind::NonExistentValue
            | FaultKind::NonExistentCodeList
            | FaultKind::DuplicateCode => {
                let variable = self.variable.as_deref().unwrap_or_default();
                format!(
                    "The request for variable '{variable}' has an error. Please check your query."
                )
            }
            _ => "Parameter error".to_owned(),
        };
        Some(json!({ "error": error }))
    }

    /// Name of the sentence that says this in a language: `fault.pxweb.<key>`.
    pub fn key(&self) -> &'static str {
        match self.kind {
            FaultKind::UnsupportedLanguage => "unsupported_language",
            FaultKind::NonExistentTable => "no_table",
            FaultKind::NonExistentVariable => "no_variable",
            FaultKind::NonExistentCodeList => "no_code_list",
            FaultKind::UnreadCodeList => "unread_code_list",
            FaultKind::NonExistentValue => "no_value",
            FaultKind::MissingSelection => "missing_selection",
            FaultKind::IllegalExpression => "illegal_expression",
            FaultKind::TooManyCells => "too_many_cells",
            FaultKind::UnsupportedFormat => "unsupported_format",
            FaultKind::NonExistentPage => "no_page",
            FaultKind::SavedQueryNotFound => "no_saved_query",
            FaultKind::DuplicateCode => "duplicate_code",
            FaultKind::Validation => "validation",
            FaultKind::UnknownPath => "unknown_path",
            FaultKind::UrlTooLong => "url_too_long",
            FaultKind::RateLimited => "rate_limited",
            FaultKind::Unavailable => "unavailable",
        }
    }

    /// What the sentence names: always `variable`, `code` and `near`, empty where there is none;
    /// `cells` and `limit` for too many cells.
    pub fn places(&self) -> Vec<(&'static str, String)> {
        let code = self.code.clone().unwrap_or_default();
        let near = self.near.join(", ");
        match self.kind {
            FaultKind::TooManyCells => vec![("cells", code), ("limit", near)],
            _ => vec![
                ("variable", self.variable.clone().unwrap_or_default()),
                ("code", code),
                ("near", near),
            ],
        }
    }

    fn names_a_path(&self) -> bool {
        let id = self.code.as_deref().unwrap_or_default();
        id.contains("..") || id.contains(['/', '\\'])
    }
}

/// `: variable `Region`, `0302`; nearest: 0301`
struct Details<'a>(&'a Fault);

impl fmt::Display for Details<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Fault { kind, variable, code, near } = self.0;
        if *kind == FaultKind::TooManyCells {
            let cells = code.as_deref().unwrap_or_default();
            return write!(formatter, ": {cells} of at most {}", near.join(", "));
        }
        match (variable, code) {
            (None, None) => {}
            (Some(variable), None) => write!(formatter, ": variable `{variable}`")?,
            (None, Some(code)) => write!(formatter, ": `{code}`")?,
            (Some(variable), Some(code)) => {
                write!(formatter, ": variable `{variable}`, `{code}`")?;
            }
        }
        match near.as_slice() {
            [] => Ok(()),
            near => write!(formatter, "; nearest: {}", near.join(", ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on_the_wire(fault: &Fault, at: Endpoint) -> String {
        let body = fault.v2_body().map_or("empty".to_owned(), |body| body.to_string());
        format!("{} {body}", fault.http_status_v2(at))
    }

    #[test]
    fn statuses_and_bodies_disagree_where_the_server_s_do() {
        let table = Fault::new(FaultKind::NonExistentTable).about("99999");
        let list = Fault::new(FaultKind::NonExistentCodeList).about("agg_X");
        let twice = Fault::new(FaultKind::DuplicateCode);
        let cells = Fault::too_many_cells(800_001, 800_000);
        let lines = [
            on_the_wire(&table, Endpoint::Data),
            on_the_wire(&table, Endpoint::Metadata),
            on_the_wire(&list, Endpoint::Data),
            on_the_wire(&list, Endpoint::CodeList),
            on_the_wire(&twice, Endpoint::Data),
            on_the_wire(&cells, Endpoint::Data),
        ];
        insta::assert_snapshot!(lines.join("\n"), @r#"
        400 {"type":"Parameter error","title":"Non-existent table","status":404}
        404 {"type":"Parameter error","title":"Non-existent table","status":404}
        400 {"type":"Parameter error","title":"Non-existent codelist","status":400}
        404 {"type":"Parameter error","title":"Non-existent codelist","status":400}
        500 empty
        400 {"type":"Parameter error","title":"Too many cells selected","status":400,"detail":"Too many cells selected"}
        "#);
    }

    #[test]
    fn the_recorded_refusals_of_ssb_are_written_the_same() {
        let Some(shared) = testkit::shared() else { return };
        let recorded = |name: &str| {
            let path = shared.join("real/ssb/v2/errors").join(name);
            std::fs::read_to_string(path).expect("the recording is there")
        };
        let written = |kind| Fault::new(kind).v2_body().expect("it has a body").to_string();
        let table = recorded("http400-non-existent-table.json");
        assert_eq!(written(FaultKind::NonExistentTable), table.trim());
        let value = recorded("http400-non-existent-value.json");
        assert_eq!(written(FaultKind::NonExistentValue), value.trim());
    }

    #[test]
    fn the_old_interface_says_less_and_otherwise() {
        let value = Fault::new(FaultKind::NonExistentValue).of("Region").about("0302");
        let said = value.v0_body().expect("it has a body").to_string();
        insta::assert_snapshot!(said, @r#"{"error":"The request for variable 'Region' has an error. Please check your query."}"#);
        assert_eq!(Fault::too_many_cells(2, 1).v0_status(), 403);
    }

    #[test]
    fn a_fault_names_the_variable_the_code_and_the_nearest() {
        let fault = Fault::new(FaultKind::NonExistentValue).of("Region").about("0302");
        let shown = fault.near(["0301", "1103"]).to_string();
        insta::assert_snapshot!(shown, @"Non-existent value: variable `Region`, `0302`; nearest: 0301");
        let cells = Fault::too_many_cells(800_001, 800_000).to_string();
        insta::assert_snapshot!(cells, @"Too many cells selected: 800001 of at most 800000");
    }
}
