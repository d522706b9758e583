//! The pack's models against the embedded figures.

use evidence::{Evidence, Language, ModelChoice, Origin, Question};
use scoring::normalise::{quantile, sorted};

fn evidence() -> Evidence {
    Evidence::open(&Origin::default()).expect("the embedded snapshot and pack are whole")
}

/// Frozen goalposts drift from the figures when a snapshot is renewed. That is
/// what freezing is for, but this snapshot is the one they were taken from.
#[test]
fn frozen_goalposts_are_the_percentiles_they_say_they_are() {
    let evidence = evidence();
    let mut compared = 0;
    for id in ["sosialbolig-v1", "oversikt-v1"] {
        let model = evidence.model(id, Language::English).expect("the pack has it");
        for indicator in &model.indicators {
            let value = &indicator.value;
            let basis = value["basis"].as_str().unwrap_or_default();
            if value["method"] != "goalposts" || !basis.contains("P5") {
                continue;
            }
            let values = evidence
                .indicator_values(&indicator.id, Language::English)
                .expect("the pack has it")
                .values;
            let figures = sorted(values.iter().filter_map(|value| value.value));
            let [p5, p95] = [0.05, 0.95].map(|share| quantile(&figures, share).expect("figures"));
            let post = |name: &str| value[name].as_f64().expect("a number");
            let (low, high) = (post("low").min(post("high")), post("low").max(post("high")));
            // The files round to the decimals that people read.
            let near = |frozen: f64, found: f64| (frozen - found).abs() <= 0.01 * (p95 - p5);
            assert!(near(low, p5), "{id} {}: {low} is not P5 {p5}", indicator.id);
            assert!(near(high, p95), "{id} {}: {high} is not P95 {p95}", indicator.id);
            compared += 1;
        }
    }
    assert!(compared >= 12, "only {compared} were compared");
}

#[test]
fn the_default_tree_has_its_31_indicators_and_weights_that_sum_to_100() {
    let model = evidence().model("sosialbolig-v1", Language::Bokmal).expect("the pack has it");
    assert_eq!(model.indicators.len(), 31);
    let sum: f64 = model.indicators.iter().map(|indicator| indicator.weight).sum();
    assert!((sum - 100.0).abs() < 1e-9, "{sum}");
    let weight =
        |id: &str| model.groups.iter().find(|group| group.id == id).map(|group| group.weight);
    assert_eq!(["B", "M", "V", "G"].map(weight), [40.0, 25.0, 20.0, 15.0].map(Some));
}

#[test]
fn the_default_model_ranks_nobody_today_and_says_why() {
    let evidence = evidence();
    let choice = ModelChoice::Named("sosialbolig-v1".to_owned());
    let question = Question { model: choice, ..Question::default() };
    let ranking = evidence.rank(&question).expect("the pack has it");
    assert_eq!((ranking.ranked, ranking.not_ranked), (0, 357));
    assert!(ranking.municipalities.iter().all(|place| place.reason.is_some()));
    let shown = evidence.rank(&Question::default()).expect("one model ranks somebody");
    assert_eq!(shown.model, "oversikt-v1");
    assert!(shown.ranked >= 300);
}

#[test]
fn every_flag_of_the_pack_has_a_verdict_for_every_municipality() {
    let evidence = evidence();
    let flags = evidence.flags(None, &Question::default()).expect("one model ranks somebody");
    assert_eq!(flags.municipalities.len(), 357);
    for place in &flags.municipalities {
        let judged = place.flags.len() + place.flags_clear.len() + place.flags_unknown.len();
        assert_eq!(judged, 29, "{}", place.name);
    }
    let on_robek = |id: &str| {
        let raised = flags.municipalities.iter();
        raised.filter(|place| place.flags.iter().any(|flag| flag.id == id)).count()
    };
    assert_eq!(on_robek("R1"), 27, "27 were on the list of 20 April 2026");
}

#[test]
fn the_guides_example_is_a_valid_model_that_ranks() {
    let guide = include_str!("../../../../docs/models.md");
    let example = guide.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next());
    let evidence = evidence();
    let file = std::path::Path::new("docs/models.md");
    let model = evidence.own_model(file, example.expect("the guide has one")).expect("valid");
    let check = evidence.check_model(&model, Language::English).expect("it can be run");
    assert!(check.ranked > 300, "{} are ranked", check.ranked);
}

#[test]
fn presets_differ_from_their_base_in_what_they_say() {
    let evidence = evidence();
    let weights = |id: &str| {
        let model = evidence.model(id, Language::English).expect("the pack has it");
        let weight =
            |group: &str| model.groups.iter().find(|one| one.id == group).map(|one| one.weight);
        (
            ["B", "M", "V", "G", "V3"].map(weight).map(Option::unwrap_or_default),
            model.indicators.len(),
        )
    };
    assert_eq!(weights("press"), ([50.0, 20.0, 15.0, 15.0, 4.0], 31));
    assert_eq!(weights("likevekt"), ([25.0, 25.0, 25.0, 25.0, 4.0], 31));
    assert_eq!(weights("uten-politikk"), ([40.0, 25.0, 20.0, 15.0, 0.0], 31));
    assert_eq!(weights("distrikt"), ([25.0, 35.0, 25.0, 15.0, 4.0], 32));
}
