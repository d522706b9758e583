//! What the page is about to ask for, told before its script runs.
//!
//! The browser fetches the figures and the map while it still reads the script. The addresses
//! are those that `web/src/api/client.ts` writes, letter by letter: any other would be fetched
//! in vain. Where the page's own address says more than is understood here, nothing is told,
//! and the page asks by itself.

/// Where the page gets the municipalities' shapes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shapes {
    /// They come with the page.
    Here,
    /// There are boundaries to ask for.
    Boundaries,
    /// There are none: hexagons.
    Hexagons,
    /// Nobody knows yet.
    Unknown,
}

/// The addresses that a page opened with `query` begins with.
pub(crate) fn addresses(query: &[(String, String)], shapes: Shapes) -> Vec<String> {
    let shapes = match shapes {
        _ if first(query, "map") == Some("hexagons") => Some("/api/v1/municipalities"),
        Shapes::Boundaries => Some("/api/v1/layers/municipalities/topology?detail=0"),
        Shapes::Hexagons => Some("/api/v1/municipalities"),
        Shapes::Here | Shapes::Unknown => None,
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

/// The first value of this name.
pub(crate) fn first<'a>(query: &'a [(String, String)], name: &str) -> Option<&'a str> {
    query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

/// Whether the page takes it for the name of a model (`web/src/state/codec.ts`).
pub(crate) fn is_model(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    text.len() <= 64
        && text.bytes().next().is_some_and(is_plain)
        && text.bytes().all(|byte| is_plain(byte) || byte == b'.' || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The addresses for `?query`, one a line.
    fn told(query: &[(&str, &str)], shapes: Shapes) -> String {
        let owned: Vec<_> =
            query.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        addresses(&owned, shapes).join("\n")
    }

    #[test]
    fn figures_and_shapes_are_told() {
        assert_eq!(
            told(&[("model", "oversikt-v1"), ("lang", "en"), ("m", "1103")], Shapes::Boundaries),
            "/api/v1/rank?lang=en&model=oversikt-v1\n/api/v1/layers/municipalities/topology?detail=0"
        );
        assert_eq!(told(&[], Shapes::Hexagons), "/api/v1/rank?lang=nb\n/api/v1/municipalities");
    }

    #[test]
    fn hexagons_need_no_boundaries() {
        let expected = "/api/v1/rank?lang=nb\n/api/v1/municipalities";
        assert_eq!(told(&[("map", "hexagons")], Shapes::Boundaries), expected);
    }

    #[test]
    fn what_is_not_known_is_not_told() {
        assert_eq!(told(&[], Shapes::Unknown), "/api/v1/rank?lang=nb");
        assert_eq!(
            told(&[], Shapes::Here),
            "/api/v1/rank?lang=nb",
            "what is here is not asked for"
        );
        assert_eq!(told(&[("w", "B:40,M:25")], Shapes::Unknown), "");
    }

    #[test]
    fn nothing_of_the_query_leaves_its_place() {
        let expected = "/api/v1/rank?lang=nb";
        for model in ["a>; rel=x", "a&top=1", "\u{e5}", "", "-a", "A"] {
            assert_eq!(
                told(&[("model", model), ("lang", "x,y")], Shapes::Unknown),
                expected,
                "{model}"
            );
        }
    }
}
