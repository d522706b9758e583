//! From a fault to the answer that the reference server gives for it.

use super::Reply;
use crate::{Endpoint, Fault, FaultKind};

/// Why a request is not answered with what it asked for.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Refusal {
    fault: Fault,
    at: Endpoint,
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Refusal {
        Refusal { fault, at: Endpoint::Data }
    }
}

impl Refusal {
    /// A fault where its status depends on where it is met.
    pub(super) fn at(at: Endpoint, fault: Fault) -> Refusal {
        Refusal { fault, at }
    }

    /// There is no such table, said by everything but `/data`.
    pub(super) fn no_table(id: &str) -> Refusal {
        let fault = Fault { code: Some(id.to_owned()), ..Fault::new(FaultKind::NonExistentTable) };
        Refusal::at(Endpoint::Metadata, fault)
    }

    /// A required member that is missing.
    pub(super) fn missing(member: &str) -> Refusal {
        Fault::validation(member, &format!("The {member} field is required.")).into()
    }

    /// A parameter whose value is not of its type.
    pub(super) fn not_valid(parameter: &str, value: &str) -> Refusal {
        Fault::validation(parameter, &format!("The value '{value}' is not valid.")).into()
    }

    pub(super) fn reply(self) -> Reply {
        let Refusal { fault, at } = self;
        let status = fault.http_status_v2(at);
        if fault.kind == FaultKind::UrlTooLong {
            return Reply::whole(status, "text/html", TOO_LONG);
        }
        let Some(mut body) = fault.v2_body() else { return Reply::empty(status) };
        if let (None, Some(detail)) = (body.get("detail"), detail(&fault)) {
            body["detail"] = detail.into();
        }
        let bytes = serde_json::to_vec(&body).unwrap_or_default();
        Reply::whole(status, fault.v2_content_type(), bytes)
    }
}

/// Which code is wrong, and what was perhaps meant: the reference server leaves this member out.
fn detail(fault: &Fault) -> Option<String> {
    if matches!(fault.kind, FaultKind::Validation | FaultKind::NonExistentTable) {
        return None;
    }
    let place = match (&fault.variable, &fault.code) {
        (Some(variable), Some(code)) if variable != code => format!("{variable}: {code}"),
        (Some(one), _) | (None, Some(one)) => one.clone(),
        (None, None) => return None,
    };
    match fault.near.as_slice() {
        [] => Some(place),
        near => Some(format!("{place}; nearest: {}", near.join(", "))),
    }
}

/// What stands before the server answers a target that is too long for it.
const TOO_LONG: &str = "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Strict//EN\" \
    \"http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd\">\n\
    <html xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>\n\
    <title>404 - File or directory not found.</title>\n</head>\n<body>\n\
    <h1>404 - File or directory not found.</h1>\n\
    <p>The address is too long for this server; send the selection in the body of a POST.</p>\n\
    </body>\n</html>\n";
