/// What a server refuses, with the status and title that it uses.
///
/// The reference server's statuses and bodies sometimes disagree; both are kept.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{}", self.title())]
pub struct Fault {
    /// Which refusal.
    pub kind: FaultKind,
    /// The variable concerned, as asked for.
    pub variable: Option<String>,
    /// The code, expression, code list or parameter concerned.
    pub code: Option<String>,
    /// Valid codes that resemble it, best first.
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
    /// A code is listed twice: the server falls over, 500 with an empty body.
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

impl Fault {
    /// The server's words in version 2.
    pub fn title(&self) -> &'static str {
        todo!()
    }
}
