//! The map that the page shows before its script has run.
//!
//! Reading the script, asking for the figures and building the page takes a browser half a
//! second; a map that comes with the page is painted before that. The script reads the shapes
//! from it (`web/src/map/first.ts`) and takes it away in the frame in which it has drawn its
//! own. Where the address says more than is understood here, or nothing is drawn yet, the
//! page comes without.

use std::collections::BTreeMap;
use std::fmt::Write;

use evidence::answers::Ranking;
use evidence::{Evidence, Language, ModelChoice, Question};
use layers::drawing::{Drawing, Frame, Shape};

use crate::ahead;

/// Where the map goes: after the place of what the script draws.
const PLACE: &str = "<div id=\"app\"></div>";
/// What may stand in the address without changing the map's colours or its place.
const UNDERSTOOD: [&str; 4] = ["lang", "model", "s", "v"];
/// Colours, as in `web/src/map/classes.ts`.
const CLASSES: usize = 6;
/// Room around the country as a share of its larger side, as in `web/src/map/view.ts`.
const MARGIN: f64 = 0.012;
/// About how many pixels the map is wide; lines are a little thinner on larger screens.
const WIDTH_PX: f64 = 500.0;

/// What a first map depends on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Asked {
    language: Language,
    model: Option<String>,
}

impl Asked {
    /// Reads the page's address; `None` where it asks for what is not drawn here.
    pub(crate) fn of(query: &[(String, String)]) -> Option<Asked> {
        if query.iter().any(|(key, _)| !UNDERSTOOD.contains(&key.as_str())) {
            return None;
        }
        let model = ahead::first(query, "model").filter(|model| ahead::is_model(model));
        Some(Asked {
            language: ahead::first(query, "lang").and_then(Language::from_code).unwrap_or_default(),
            model: model.map(str::to_owned),
        })
    }
}

/// Puts the map into the page; `None` when the model or its place is unknown.
pub(crate) fn page(
    html: &str,
    asked: &Asked,
    evidence: &Evidence,
    drawing: &Drawing,
) -> Option<String> {
    let (before, after) = html.split_once(PLACE)?;
    let language = asked.language;
    let model = asked.model.clone().map_or(ModelChoice::Default, ModelChoice::Named);
    let ranking = evidence.rank(&Question { model, language, ..Question::default() }).ok()?;
    let title = evidence.texts().say(language, "page.first_map", &[]);
    let map = map(drawing, &ranking, &title);
    Some(format!("{before}{PLACE}{map}{after}"))
}

fn map(drawing: &Drawing, ranking: &Ranking, title: &str) -> String {
    let fills = fills(ranking);
    let view = with_margin(drawing.frame);
    let [.., width, _] = view;
    let pixel = width / WIDTH_PX;
    let notes = if ranking.notes.is_empty() { "" } else { "<div class=\"notes-room\"></div>" };
    let mut markup = format!(
        "<div id=\"first\"><div class=\"head-room\"></div>{notes}<svg viewBox=\"{}\" \
         preserveAspectRatio=\"xMidYMin\" role=\"img\" aria-label=\"{}\" fill-rule=\"evenodd\" \
         stroke-width=\"{}\" stroke-linejoin=\"round\">",
        view.map(|edge| edge.to_string()).join(" "),
        escaped(title),
        0.6 * pixel,
    );
    for shape in &drawing.shapes {
        let fill = fills.get(shape.code.as_str());
        // Writing to a string cannot fail.
        let _ = write!(
            markup,
            "<path data-code=\"{}\" data-name=\"{}\" data-at=\"{}\" fill=\"{}\" d=\"{}\"/>",
            escaped(&shape.code),
            escaped(&shape.name),
            at(shape),
            fill.map_or("var(--line)".to_owned(), |class| format!("var(--step-{class})")),
            shape.path,
        );
    }
    let _ = write!(
        markup,
        "<path class=\"county\" fill=\"none\" stroke-width=\"{}\" d=\"{}\"/></svg></div>",
        1.2 * pixel,
        drawing.borders
    );
    markup
}

/// Point on land, side, box: what the script knows of a region besides its path.
fn at(shape: &Shape) -> String {
    let [x, y] = shape.middle;
    let Frame { left, top, right, bottom } = shape.frame;
    format!("{x} {y} {:.1} {left} {top} {right} {bottom}", shape.side)
}

/// Six equally large groups by place, 5 the uppermost; of equals the last one's place counts.
fn fills(ranking: &Ranking) -> BTreeMap<&str, usize> {
    let mut equals: BTreeMap<usize, usize> = BTreeMap::new();
    for rank in ranking.municipalities.iter().filter_map(|place| place.rank) {
        *equals.entry(rank).or_default() += 1;
    }
    let class = |rank: usize| {
        if ranking.ranked <= 1 {
            return CLASSES - 1;
        }
        let last = rank + equals.get(&rank).copied().unwrap_or(1) - 1;
        CLASSES - 1 - ((last - 1) * CLASSES / ranking.ranked).min(CLASSES - 1)
    };
    let filled = ranking.municipalities.iter();
    filled
        .filter_map(|place| Some((place.municipality_code.as_str(), class(place.rank?))))
        .collect()
}

/// Left, top, width, height.
fn with_margin(Frame { left, top, right, bottom }: Frame) -> [f64; 4] {
    let (width, height) = ((right - left) as f64, (bottom - top) as f64);
    let margin = width.max(height) * MARGIN;
    [
        left as f64 - margin,
        top as f64 - margin,
        width.max(1.0) + 2.0 * margin,
        height.max(1.0) + 2.0 * margin,
    ]
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(query: &[(&str, &str)]) -> Option<Asked> {
        let owned: Vec<_> =
            query.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        Asked::of(&owned)
    }

    #[test]
    fn a_map_is_drawn_for_what_is_understood_alone() {
        assert_eq!(asked(&[("v", "1"), ("s", "abc")]), Some(Asked::default()));
        let english = Asked { language: Language::English, model: Some("oversikt-v1".to_owned()) };
        assert_eq!(asked(&[("model", "oversikt-v1"), ("lang", "en")]), Some(english));
        for other in ["m", "w", "q", "county", "map", "x"] {
            assert_eq!(asked(&[(other, "1103")]), None, "{other}");
        }
    }

    #[test]
    fn what_is_no_name_of_a_model_is_the_default() {
        assert_eq!(asked(&[("model", "<script>")]), Some(Asked::default()));
    }

    #[test]
    fn markup_stays_text() {
        assert_eq!(escaped("\"><b>&"), "&quot;&gt;&lt;b&gt;&amp;");
    }
}
