//! Addresses: data and metadata of both versions, and web pages.

use super::{Origin, PasteError, Pasted, Repair, repair};
use crate::Servers;
use crate::address::{Address, Bases as _};
use crate::selection::Selection;

pub(super) fn read(text: &str) -> Result<Pasted, PasteError> {
    let mut pasted = Pasted { origin: Origin::Table, ..Pasted::default() };
    let mut text = text.trim().trim_end_matches(['.', ',', ';']).to_owned();
    // A bracket that was opened before the address, not the one that ends `top(2)`.
    while text.ends_with(')') && text.matches(')').count() > text.matches('(').count() {
        text.pop();
    }
    if text.contains("&amp;") {
        pasted.repairs.push(Repair { key: "ampersands", places: Vec::new() });
        text = text.replace("&amp;", "&");
    }
    if !text.contains("://") {
        text = format!("https://{text}");
    }
    let text = literal_plus(&text, &mut pasted.repairs);
    let misshapen = || PasteError::new("not_an_address", format!("`{text}`"));
    let mut address = Address::read(&text).ok_or_else(misshapen)?;
    // The whole address was encoded once more, `valueCodes%255B…`.
    if address.query.contains("%25") && !address.query.contains('=') {
        address.query = crate::address::decode(&address.query);
    }
    let server = Servers::known().find_by_url(&text);
    let base = || address.v0_base().unwrap_or_else(|| address.v2_base());
    pasted.server = Some(server.map_or_else(base, |server| server.name.clone()));
    let segments = address.segments();
    if !(version_2(&segments, &mut pasted)
        || old_interface(&address, &segments, &mut pasted)
        || ssb_page(&segments, &mut pasted)
        || pxweb_page(&segments, &mut pasted))
    {
        return Err(PasteError::new("unknown_address", format!("`{text}`")));
    }
    parameters(&address, &mut pasted)?;
    Ok(pasted)
}

/// A plus at the end of a code (`105+`) means a blank in an address; no code ends with a blank.
fn literal_plus(text: &str, repairs: &mut Vec<Repair>) -> String {
    let Some((path, query)) = text.split_once('?') else {
        return text.to_owned();
    };
    let mut kept = query.to_owned();
    for end in [",", "&", "%2C", "%2c", "]", ")"] {
        kept = kept.replace(&format!("+{end}"), &format!("%2B{end}"));
    }
    if let Some(rest) = kept.strip_suffix('+') {
        kept = format!("{rest}%2B");
    }
    if kept != query {
        repairs.push(Repair { key: "plus", places: Vec::new() });
    }
    format!("{path}?{kept}")
}

/// `…/tables/07459/data`, `…/savedqueries/123/data`.
fn version_2(segments: &[String], pasted: &mut Pasted) -> bool {
    let after = |name: &str| {
        let at = segments.iter().position(|part| part.eq_ignore_ascii_case(name))?;
        segments.get(at + 1).cloned()
    };
    if let Some(id) = after("savedqueries") {
        pasted.saved_query = Some(id);
        return true;
    }
    let Some(id) = after("tables") else {
        return false;
    };
    pasted.table = Some(id);
    if segments.last().is_some_and(|last| last.eq_ignore_ascii_case("data")) {
        pasted.origin = Origin::Version2;
    }
    true
}

/// `…/api/v0/no/table/07459`, `…/api/v1/sv/ssd/BE/BE0101/BefolkningNy`.
fn old_interface(address: &Address, segments: &[String], pasted: &mut Pasted) -> bool {
    let Some(base) = address.v0_base() else {
        return false;
    };
    let depth = base.split('/').skip(3).count();
    let language = base.split('/').position(|part| part == "{lang}").map(|at| at - 3);
    pasted.language = language.and_then(|at| segments.get(at).cloned());
    let table = segments.get(depth..).unwrap_or_default().join("/");
    pasted.table = Some(table).filter(|table| !table.is_empty());
    pasted.table.is_some()
}

/// `/statbank/table/07459/tableViewLayout1/`, `/en/statbank/sq/10012345`.
fn ssb_page(segments: &[String], pasted: &mut Pasted) -> bool {
    let Some(at) = segments.iter().position(|part| part.eq_ignore_ascii_case("statbank")) else {
        return false;
    };
    let is_english = segments[..at].iter().any(|part| part == "en");
    pasted.language = Some(if is_english { "en" } else { "no" }.to_owned());
    let id = segments.get(at + 2).cloned();
    match segments.get(at + 1).map(|kind| kind.to_ascii_lowercase()).as_deref() {
        Some("table") => pasted.table = id,
        Some("sq") => pasted.saved_query = id,
        _ => {}
    }
    pasted.table.is_some() || pasted.saved_query.is_some()
}

/// `/PxWeb/pxweb/en/StatFin/StatFin__vaerak/11ra.px/`: the page of a table at other agencies.
fn pxweb_page(segments: &[String], pasted: &mut Pasted) -> bool {
    let Some(at) = segments.iter().rposition(|part| part.eq_ignore_ascii_case("pxweb")) else {
        return false;
    };
    let Some([language, database, path, table, ..]) = segments.get(at + 1..) else {
        return false;
    };
    if language.len() != 2 {
        return false;
    }
    let folders = path.split("__").filter(|part| *part != database.as_str() && *part != "START");
    let parts: Vec<&str> = folders.chain([table.as_str()]).collect();
    pasted.language = Some(language.clone());
    pasted.table = Some(parts.join("/"));
    true
}

fn parameters(address: &Address, pasted: &mut Pasted) -> Result<(), PasteError> {
    let mut of_selection = Vec::new();
    for (key, value) in address.parameters() {
        let (name, variable) = match key.split_once('[') {
            Some((name, rest)) => (name.trim(), rest.strip_suffix(']')),
            None => (key.trim(), None),
        };
        let name = name.to_ascii_lowercase();
        let repairs = &mut pasted.repairs;
        let mut misspelt = |right: &str| repairs.push(Repair::changed("parameter", &key, right));
        match (name.as_str(), variable) {
            ("lang", _) => pasted.language = Some(value.to_lowercase()),
            ("language", _) => {
                misspelt("lang");
                pasted.language = Some(value.to_lowercase());
            }
            ("outputformatparams", _) => {
                let all = value.split(',').map(str::trim).filter(|one| !one.is_empty());
                pasted.format_parameters.extend(all.map(str::to_owned));
            }
            ("outputformat", _) => pasted.format = Some(repair::format(&value, repairs)),
            ("outputformats" | "output_format" | "output" | "format", _) => {
                misspelt("outputFormat");
                pasted.format = Some(repair::format(&value, repairs));
            }
            ("valuecodes" | "codelist" | "heading" | "stub", _) => of_selection.push((key, value)),
            ("valuecode" | "values" | "value" | "valuescodes", Some(variable)) => {
                let right = format!("valueCodes[{variable}]");
                misspelt(&right);
                of_selection.push((right, value));
            }
            ("codelists" | "code_list", Some(variable)) => {
                let right = format!("codelist[{variable}]");
                misspelt(&right);
                of_selection.push((right, value));
            }
            // Servers pass over parameters that they do not know; so does this.
            _ => {}
        }
    }
    let lonely = |(key, value): &(String, String)| lonely_code_list(key, value, &of_selection);
    let added: Vec<(String, String)> = of_selection.iter().filter_map(lonely).collect();
    for (key, _) in &added {
        let variable = key.split(['[', ']']).nth(1).unwrap_or_default();
        pasted.repairs.push(Repair::about("code_list_alone", variable));
    }
    of_selection.extend(added);
    let selection = Selection::from_query(&of_selection);
    pasted.selection =
        selection.map_err(|fault| PasteError::new("misshapen_parameter", fault.to_string()))?;
    repair::selection(&mut pasted.selection, &mut pasted.repairs);
    Ok(())
}

/// All codes of a code list that is named without codes: the server would pass over it.
fn lonely_code_list(key: &str, value: &str, all: &[(String, String)]) -> Option<(String, String)> {
    let variable = key.split_once('[')?.1.strip_suffix(']')?;
    let is_list = key.to_ascii_lowercase().starts_with("codelist[") && !value.trim().is_empty();
    let wanted = format!("[{variable}]");
    let has_codes = all.iter().any(|(other, _)| {
        other.to_ascii_lowercase().starts_with("valuecodes[") && other.ends_with(&wanted)
    });
    (is_list && !has_codes).then(|| (format!("valueCodes[{variable}]"), "*".to_owned()))
}
