//! From a path to what is asked for.

/// A path of either interface.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Route<'a> {
    /// Version 2: what links begin with, and the resource.
    New(String, Resource<'a>),
    /// The old interface: its language, and the node where one is named.
    Old(&'a str, Node<'a>),
}

/// What version 2 has at an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Resource<'a> {
    Config,
    Tables,
    Table(&'a str),
    Metadata(&'a str),
    DefaultSelection(&'a str),
    Data(&'a str),
    CodeList(&'a str),
    SavedQueries,
    SavedQuery(&'a str),
    SavedData(&'a str),
    SavedSelection(&'a str),
    Health,
    Unknown,
}

/// A node of the old interface's tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Node<'a> {
    /// The languages' own node, which lists the databases.
    Databases,
    /// All tables.
    Root,
    /// The last part of a path, which names a table.
    Table(&'a str),
}

/// Where version 2 is found: as the reference server has it by default, as Statistics Norway and
/// as Statistics Sweden have it.
const PREFIXES: [&[&str]; 3] = [&["pxwebapi", "v2"], &["api", "pxwebapi", "v2"], &["api", "v2"]];

impl<'a> Route<'a> {
    /// `None` where the path is of neither interface.
    pub(super) fn of(path: &'a str) -> Option<Route<'a>> {
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        if starts_with(&parts, &["api", "v0"]) {
            return match &parts[2..] {
                [] => None,
                [language] => Some(Route::Old(language, Node::Databases)),
                [language, only] if only.eq_ignore_ascii_case("table") => {
                    Some(Route::Old(language, Node::Root))
                }
                [language, .., last] => Some(Route::Old(language, Node::Table(last))),
            };
        }
        let prefix = PREFIXES.iter().find(|prefix| starts_with(&parts, prefix))?;
        let base = format!("/{}", prefix.join("/"));
        Some(Route::New(base, Resource::of(&parts[prefix.len()..])))
    }
}

impl<'a> Resource<'a> {
    fn of(parts: &[&'a str]) -> Resource<'a> {
        let lower: Vec<String> = parts.iter().map(|part| part.to_lowercase()).collect();
        let lower: Vec<&str> = lower.iter().map(String::as_str).collect();
        match (lower.as_slice(), parts) {
            (["config"], _) => Resource::Config,
            (["tables"], _) => Resource::Tables,
            (["tables", _], [_, id]) => Resource::Table(id),
            (["tables", _, "metadata"], [_, id, _]) => Resource::Metadata(id),
            (["tables", _, "defaultselection"], [_, id, _]) => Resource::DefaultSelection(id),
            (["tables", _, "data"], [_, id, _]) => Resource::Data(id),
            (["codelists", _], [_, id]) => Resource::CodeList(id),
            (["savedqueries"], _) => Resource::SavedQueries,
            (["savedqueries", _], [_, id]) => Resource::SavedQuery(id),
            (["savedqueries", _, "data"], [_, id, _]) => Resource::SavedData(id),
            (["savedqueries", _, "selection"], [_, id, _]) => Resource::SavedSelection(id),
            (["healthz", "live" | "ready"], _) => Resource::Health,
            _ => Resource::Unknown,
        }
    }

    /// The methods that it takes.
    pub(super) fn methods(&self) -> &'static [&'static str] {
        match self {
            Resource::Data(_) => &["GET", "HEAD", "POST"],
            Resource::SavedQueries => &["POST"],
            _ => &["GET", "HEAD"],
        }
    }
}

fn starts_with(parts: &[&str], prefix: &[&str]) -> bool {
    parts.len() >= prefix.len()
        && prefix.iter().zip(parts).all(|(wanted, part)| part.eq_ignore_ascii_case(wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_read_in_any_case_and_ids_as_they_are() {
        let base = "/pxwebapi/v2".to_owned();
        let route = Route::of("/PxWebApi/V2/Tables/tab004/MetaData/");
        assert_eq!(route, Some(Route::New(base.clone(), Resource::Metadata("tab004"))));
        let route = Route::of("/pxwebapi/v2/codelists/agg_KommSummer");
        assert_eq!(route, Some(Route::New(base.clone(), Resource::CodeList("agg_KommSummer"))));
        assert_eq!(Route::of("/pxwebapi/v2/navigation"), Some(Route::New(base, Resource::Unknown)));
        assert_eq!(Route::of("/api/v1/rank"), None);
    }

    #[test]
    fn the_old_interface_names_a_table_last() {
        assert_eq!(
            Route::of("/api/v0/no/table/be/be01/07459"),
            Some(Route::Old("no", Node::Table("07459")))
        );
        assert_eq!(Route::of("/api/v0/no/table/"), Some(Route::Old("no", Node::Root)));
        assert_eq!(Route::of("/api/v0/no"), Some(Route::Old("no", Node::Databases)));
    }
}
