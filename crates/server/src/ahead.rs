//! What the page is about to ask for, told before its script runs.
//!
//! The browser fetches the figures and the map while it still reads the script. The addresses
//! are those that `web/src/api/client.ts` writes, letter by letter: any other would be fetched
//! in vain. Where the page's own address says more than is understood here, nothing is told,
//! and the page asks by itself.

/// The addresses that a page opened with `query` begins with.
///
/// `has_boundaries` is `None` while nobody knows whether the municipalities can be drawn.
pub(crate) fn addresses(query: &[(String, String)], has_boundaries: Option<bool>) -> Vec<String> {
    let shapes = match has_boundaries {
        _ if first(query, "map") == Some("hexagons") => Some("/api/v1/municipalities"),
        Some(true) => Some("/api/v1/layers/municipalities/topology?detail=0"),
        Some(false) => Some("/api/v1/municipalities"),
        None => None,
    };
    rank(query).into_iter().chain(shapes.map(str::to_owned)).collect()
}

/// The ranking that is shown first; `None` for one with weights of the reader's own.
fn rank(query: &[(String, String)]) -> Option<String> {
    if first(query, "w").is_some() {
        return None;
    }
    let language = if first(query, "lang") == Some("en") { "en" } else { "nb" };
    let model = first(query, "model").filter(|model| is_model(model));
    let model = model.map(|model| format!("&model={model}")).unwrap_or_default();
    Some(format!("/api/v1/rank?lang={language}{model}"))
}

fn first<'a>(query: &'a [(String, String)], name: &str) -> Option<&'a str> {
    query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

/// Whether the page takes it for the name of a model (`web/src/state/codec.ts`).
fn is_model(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    text.len() <= 64
        && text.bytes().next().is_some_and(is_plain)
        && text.bytes().all(|byte| is_plain(byte) || byte == b'.' || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The addresses for `?query`, one a line.
    fn told(query: &[(&str, &str)], has_boundaries: Option<bool>) -> String {
        let owned: Vec<_> =
            query.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        addresses(&owned, has_boundaries).join("\n")
    }

    #[test]
    fn figures_and_shapes_are_told() {
        assert_eq!(
            told(&[("model", "oversikt-v1"), ("lang", "en"), ("m", "1103")], Some(true)),
            "/api/v1/rank?lang=en&model=oversikt-v1\n/api/v1/layers/municipalities/topology?detail=0"
        );
        assert_eq!(told(&[], Some(false)), "/api/v1/rank?lang=nb\n/api/v1/municipalities");
    }

    #[test]
    fn hexagons_need_no_boundaries() {
        let expected = "/api/v1/rank?lang=nb\n/api/v1/municipalities";
        assert_eq!(told(&[("map", "hexagons")], Some(true)), expected);
    }

    #[test]
    fn what_is_not_known_is_not_told() {
        assert_eq!(told(&[], None), "/api/v1/rank?lang=nb");
        assert_eq!(told(&[("w", "B:40,M:25")], None), "");
    }

    #[test]
    fn nothing_of_the_query_leaves_its_place() {
        let expected = "/api/v1/rank?lang=nb";
        for model in ["a>; rel=x", "a&top=1", "\u{e5}", "", "-a", "A"] {
            assert_eq!(told(&[("model", model), ("lang", "x,y")], None), expected, "{model}");
        }
    }
}
