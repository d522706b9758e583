//! Builds the embedded snapshot from the tables of facts.
//!
//! The facts travel as figures in the store's own format, and only they do. The
//! same tables and the same `snapshot.toml` give the same bytes, which `--check`
//! and a test compare with the file in the repository.

mod description;
mod facts;
mod maps;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use layers::OpenOptions;
use layers::regions::Choice;
use store::build::SnapshotBuilder;
use store::{Snapshot, Source};

use crate::hexagons::{self, Place};
use crate::workspace_root;
use description::Description;
use facts::Facts;

/// Runs `cargo xtask snapshot`.
pub fn run(arguments: &[String]) -> anyhow::Result<ExitCode> {
    let options = Options::parse(arguments)?;
    let builder = match &options.boundaries {
        Some(file) => with_boundaries(file, options.owed_to())?,
        None => content(&options.facts, &pack_folder())?,
    };
    let target = options.out.clone().unwrap_or_else(embedded);
    if options.check {
        return check(&builder, &target);
    }
    let folder = target.parent().context("the snapshot's path has a folder")?;
    std::fs::create_dir_all(folder)?;
    let seal = builder.write(&target)?;
    let bytes = std::fs::metadata(&target)?.len();
    println!(
        "{}: {} figures, {} boundaries, {bytes} bytes, seal {seal}",
        target.display(),
        builder.figures.len(),
        builder.boundaries.len()
    );
    Ok(ExitCode::SUCCESS)
}

#[derive(Default)]
struct Options {
    facts: PathBuf,
    check: bool,
    boundaries: Option<PathBuf>,
    out: Option<PathBuf>,
    publisher: String,
    licence: String,
    date: String,
}

impl Options {
    fn parse(arguments: &[String]) -> anyhow::Result<Options> {
        let facts = workspace_root().join("../shared/facts");
        let mut options = Options { facts, ..Options::default() };
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--check" => options.check = true,
                "--facts" => {
                    options.facts = arguments.next().context("`--facts` wants a folder")?.into()
                }
                "--boundaries" => {
                    let file = arguments.next().context("`--boundaries` wants a file")?;
                    options.boundaries = Some(file.into());
                }
                "--out" => {
                    options.out = Some(arguments.next().context("`--out` wants a file")?.into())
                }
                "--publisher" => options.publisher = text(&mut arguments, "--publisher")?,
                "--licence" => options.licence = text(&mut arguments, "--licence")?,
                "--date" => options.date = text(&mut arguments, "--date")?,
                unknown => bail!("unknown option `{unknown}`"),
            }
        }
        if options.boundaries.is_some() && options.out.is_none() {
            bail!("`--boundaries` wants `--out`: the embedded snapshot travels without");
        }
        Ok(options)
    }

    /// Whom the boundaries are owed to; the page says it below its map.
    fn owed_to(&self) -> Source {
        Source {
            source: "boundaries".to_owned(),
            publisher: self.publisher.clone(),
            title: "Municipalities".to_owned(),
            licence: self.licence.clone(),
            reference_date: self.date.clone(),
            retrieved_via: "file".to_owned(),
        }
    }
}

fn text<'argument>(
    arguments: &mut impl Iterator<Item = &'argument String>,
    option: &str,
) -> anyhow::Result<String> {
    arguments.next().cloned().with_context(|| format!("`{option}` wants a text"))
}

fn check(builder: &SnapshotBuilder, target: &Path) -> anyhow::Result<ExitCode> {
    let committed =
        std::fs::read(target).with_context(|| format!("reading `{}`", target.display()))?;
    if builder.bytes()? == committed {
        println!("snapshots/embedded.gpkg is what the facts give");
        return Ok(ExitCode::SUCCESS);
    }
    println!(
        "snapshots/embedded.gpkg differs from what the facts give; run `cargo xtask snapshot`"
    );
    Ok(ExitCode::FAILURE)
}

/// The embedded snapshot, with the boundaries of a file.
fn with_boundaries(file: &Path, source: Source) -> anyhow::Result<SnapshotBuilder> {
    let reader = layers::open(file, &OpenOptions::default())?;
    let system = reader.header().crs;
    let (regions, _) = layers::regions::read(reader, &Choice::default())?;
    let mut builder = ingest::snapshot_content(&Snapshot::embedded()?)?;
    builder.boundaries = ingest::snapshot_boundaries(&regions, system)?;
    for boundary in &mut builder.boundaries {
        boundary.source.clone_from(&source.source);
    }
    builder.sources.push(source);
    Ok(builder)
}

/// Everything that goes into the snapshot.
fn content(facts: &Path, pack: &Path) -> anyhow::Result<SnapshotBuilder> {
    let description = Description::read(&pack.join("snapshot.toml"))?;
    let Facts {
        mut municipalities,
        sources,
        mut measures,
        mut figures,
        region_changes,
        grunnkretser,
    } = Facts::read(facts)?;
    lay_out(&mut municipalities);
    for column in &description.measures {
        measures.push(column.measure(&sources, municipalities.len())?);
        for municipality in &municipalities {
            figures.push(column.figure(municipality)?);
        }
    }
    let mut builder = SnapshotBuilder::new(&description.created);
    builder.properties = description.properties();
    builder.municipalities = municipalities;
    builder.sources = sources;
    let conversions = maps::conversions(&region_changes, &builder.municipalities)?;
    let divided = maps::divided(&conversions, &figures, &measures);
    builder.region_conversions = maps::rows(&conversions);
    builder.published = divided.published;
    builder.modelled = divided.modelled;
    builder.measures = measures;
    builder.figures = figures;
    builder.region_changes = region_changes;
    builder.grunnkretser = grunnkretser;
    Ok(builder)
}

/// Gives each municipality its cell in the hexagon map.
fn lay_out(municipalities: &mut [store::Municipality]) {
    let places: Vec<Place> = municipalities
        .iter()
        .map(|municipality| Place {
            longitude: municipality.longitude,
            latitude: municipality.latitude,
            county_code: municipality.county_code.clone(),
        })
        .collect();
    for (municipality, cell) in municipalities.iter_mut().zip(hexagons::layout(&places)) {
        (municipality.hexagon_column, municipality.hexagon_row) = cell;
    }
}

fn pack_folder() -> PathBuf {
    workspace_root().join("packs/boligsektor")
}

fn embedded() -> PathBuf {
    workspace_root().join("snapshots/embedded.gpkg")
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn facts_folder() -> Option<PathBuf> {
        let folder = workspace_root().join("../shared/facts");
        if !folder.is_dir() {
            testkit::skipped("../shared is absent");
            return None;
        }
        Some(folder)
    }

    #[test]
    fn the_facts_give_the_committed_snapshot_byte_for_byte() {
        let Some(facts) = facts_folder() else { return };
        let builder = content(&facts, &pack_folder()).expect("the facts are sound");
        let committed = fs::read(embedded()).expect("the snapshot is in the repository");
        let same = builder.bytes().expect("the content is sound") == committed;
        assert!(same, "run `cargo xtask snapshot`");
    }

    /// Reads a copy of the facts in which `line` of figures.csv says something else.
    fn with_figure_line(line: usize, replacement: &str) -> Option<String> {
        let facts = facts_folder()?;
        let copy = tempfile::tempdir().expect("a temporary folder");
        for entry in fs::read_dir(&facts).expect("a folder") {
            let entry = entry.expect("an entry");
            if entry.path().extension().is_some_and(|extension| extension == "csv") {
                fs::copy(entry.path(), copy.path().join(entry.file_name())).expect("a copy");
            }
        }
        let path = copy.path().join("figures.csv");
        let text = fs::read_to_string(&path).expect("the figures");
        let mut lines: Vec<&str> = text.lines().take(100).collect();
        lines[line - 1] = replacement;
        fs::write(&path, lines.join("\n")).expect("written");
        let error = Facts::read(copy.path()).err().expect("refused");
        let folder = format!("{}/", copy.path().display());
        Some(format!("{error:#}").replace(&folder, ""))
    }

    #[test]
    fn a_wrong_figure_is_reported_with_its_line() {
        let cases = [
            (
                "0301,population_persons,2099,1,modelled,ssb-01180",
                "figures.csv:7: `modelled` is not a value status",
            ),
            (
                "0301,population_people,2099,1,ok,ssb-01180",
                "figures.csv:7: unknown measure `population_people`",
            ),
            (
                "9999,population_persons,2099,1,ok,ssb-01180",
                "figures.csv:7: unknown municipality `9999`",
            ),
            ("0301,population_persons,2099,1,ok,ssb", "figures.csv:7: unknown source `ssb`"),
            (
                "0301,population_persons,2099,,ok,ssb-01180",
                "figures.csv:7: status `ok` without a value",
            ),
            (
                "0301,population_persons,2099,1,suppressed,ssb-01180",
                "figures.csv:7: status `suppressed` with a value",
            ),
            (
                "0301,population_persons,2099,1;5,ok,ssb-01180",
                "figures.csv:7: `1;5` is not a number",
            ),
            (
                "0301,population_persons,2006,1,ok,ssb-01180",
                "figures.csv:7: the same municipality, measure and period as line 2",
            ),
        ];
        for (line, expected) in cases {
            let Some(error) = with_figure_line(7, line) else { return };
            assert_eq!(error, expected);
        }
    }
}
