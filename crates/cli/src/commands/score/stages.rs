//! One CSV file per stage, at full precision, to be held against any other tool.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use scoring::{Model, Run};
use tempfile::NamedTempFile;

use super::Ranking;
use crate::commands::Session;
use crate::failure::Failure;
use crate::formats::harmless;

/// What the files are written from.
pub struct Stages<'a> {
    pub model: &'a Model,
    pub run: &'a Run,
    pub units: &'a [String],
    pub ranking: &'a Ranking,
}

/// Figures that go into one file, or into several where stages change nothing.
struct Sheet<'a> {
    names: Vec<&'static str>,
    header: Vec<&'a str>,
    columns: Vec<&'a [Option<f64>]>,
}

impl Stages<'_> {
    /// Writes all files; either all are there afterwards, or none is new.
    pub fn write(&self, session: &Session<'_>, folder: &Path) -> Result<(), Failure> {
        let failed = |path: &Path, cause: &std::io::Error| {
            let places = [("file", path.display().to_string()), ("cause", cause.to_string())];
            let places = places.each_ref().map(|(name, value)| (*name, value.as_str()));
            Failure::internal(session.say("failure.file", &places))
        };
        std::fs::create_dir_all(folder).map_err(|error| failed(folder, &error))?;
        let written = in_two_threads(&self.sheets(), &|sheet| self.sheet(folder, sheet))
            .and_then(|written| {
                let mut written: Vec<_> = written.into_iter().flatten().collect();
                written.push((folder.join("09_ranks.csv"), self.ranks(folder)?));
                written.push((folder.join("treatment.csv"), self.treatment(folder)?));
                Ok(written)
            })
            .map_err(|error| failed(folder, &error))?;
        for (path, file) in written {
            file.persist(&path).map_err(|error| failed(&path, &error.error))?;
        }
        Ok(())
    }

    /// Returns the files to write; stages with the same figures share a sheet.
    fn sheets(&self) -> Vec<Sheet<'_>> {
        let stages = &self.run.stages;
        let indicators: Vec<&str> =
            self.model.leaves.iter().map(|leaf| leaf.indicator.as_str()).collect();
        let mut sheets: Vec<Sheet<'_>> = Vec::new();
        let mut before: Option<&Vec<scoring::Column>> = None;
        for (name, columns) in [
            ("01_raw.csv", &stages.raw),
            ("02_denominated.csv", &stages.denominated),
            ("03_shrunk.csv", &stages.shrunk),
            ("04_screened.csv", &stages.screened),
            ("05_imputed.csv", &stages.imputed),
            ("06_treated.csv", &stages.treated),
            ("07_normalised.csv", &self.run.normalised),
        ] {
            let is_same = before.is_some_and(|before| {
                before.iter().zip(columns).all(|(before, column)| Arc::ptr_eq(before, column))
            });
            before = Some(columns);
            match sheets.last_mut() {
                Some(sheet) if is_same => sheet.names.push(name),
                _ => sheets.push(Sheet {
                    names: vec![name],
                    header: indicators.clone(),
                    columns: columns.iter().map(|column| &**column).collect(),
                }),
            }
        }
        sheets.push(Sheet {
            names: vec!["08_aggregated.csv"],
            header: self.model.groups.iter().map(|group| group.id.as_str()).collect(),
            columns: self.run.groups.iter().map(|column| &**column).collect(),
        });
        sheets
    }

    /// Writes a sheet, and copies it to its other names.
    fn sheet(
        &self,
        folder: &Path,
        sheet: &Sheet<'_>,
    ) -> std::io::Result<Vec<(PathBuf, NamedTempFile)>> {
        let file = whole(folder, |out| {
            header(out, &sheet.header)?;
            let mut row = Vec::with_capacity(24 * sheet.columns.len());
            for (at, unit) in self.units.iter().enumerate() {
                row.clear();
                text(&mut row, unit);
                for column in &sheet.columns {
                    row.push(b',');
                    if let Some(figure) = column[at] {
                        number(&mut row, figure)?;
                    }
                }
                row.push(b'\n');
                out.write_all(&row)?;
            }
            Ok(())
        })?;
        let mut files = Vec::with_capacity(sheet.names.len());
        for name in &sheet.names[1..] {
            let copy = NamedTempFile::new_in(folder)?;
            std::fs::copy(file.path(), copy.path())?;
            files.push((folder.join(name), copy));
        }
        files.push((folder.join(sheet.names[0]), file));
        Ok(files)
    }

    fn ranks(&self, folder: &Path) -> std::io::Result<NamedTempFile> {
        let mut ranks = vec![None; self.units.len()];
        for one in &self.ranking.units {
            ranks[one.row] = one.rank;
        }
        whole(folder, |out| {
            header(out, &[&self.model.groups[0].id])?;
            for (unit, rank) in self.units.iter().zip(&ranks) {
                let mut row = Vec::new();
                text(&mut row, unit);
                let rank = rank.map_or(String::new(), |rank: usize| rank.to_string());
                writeln!(row, ",{rank}")?;
                out.write_all(&row)?;
            }
            Ok(())
        })
    }

    /// Every figure that the treatment of outliers moved, and what it was before.
    fn treatment(&self, folder: &Path) -> std::io::Result<NamedTempFile> {
        let stages = &self.run.stages;
        whole(folder, |out| {
            out.write_all(b"indicator,unit,before,after\n")?;
            let columns = stages.imputed.iter().zip(&stages.treated);
            for (leaf, (before, after)) in self.model.leaves.iter().zip(columns) {
                if Arc::ptr_eq(before, after) {
                    continue;
                }
                for (unit, (before, after)) in before.iter().zip(after.iter()).enumerate() {
                    let (Some(before), Some(after)) = (before, after) else { continue };
                    if before == after {
                        continue;
                    }
                    let mut row = Vec::new();
                    text(&mut row, &leaf.indicator);
                    row.push(b',');
                    text(&mut row, &self.units[unit]);
                    for figure in [before, after] {
                        row.push(b',');
                        number(&mut row, *figure)?;
                    }
                    row.push(b'\n');
                    out.write_all(&row)?;
                }
            }
            Ok(())
        })
    }
}

/// Does the work of all sheets on two threads; whichever is free takes the next.
fn in_two_threads<T: Send>(
    sheets: &[Sheet<'_>],
    work: &(impl Fn(&Sheet<'_>) -> std::io::Result<T> + Sync),
) -> std::io::Result<Vec<T>> {
    let next = AtomicUsize::new(0);
    let hand = || -> std::io::Result<Vec<T>> {
        let mut done = Vec::new();
        while let Some(sheet) = sheets.get(next.fetch_add(1, Ordering::Relaxed)) {
            done.push(work(sheet)?);
        }
        Ok(done)
    };
    std::thread::scope(|scope| {
        let other = scope.spawn(hand);
        let mut done = hand()?;
        let other = other.join().map_err(|_| std::io::Error::other("a thread stopped"))?;
        done.extend(other?);
        Ok(done)
    })
}

fn whole(
    folder: &Path,
    fill: impl FnOnce(&mut dyn Write) -> std::io::Result<()>,
) -> std::io::Result<NamedTempFile> {
    let mut file = NamedTempFile::new_in(folder)?;
    let mut out = BufWriter::with_capacity(1 << 20, file.as_file_mut());
    fill(&mut out)?;
    out.flush()?;
    drop(out);
    crate::output::set_usual_permissions(file.path())?;
    Ok(file)
}

fn header(out: &mut dyn Write, names: &[&str]) -> std::io::Result<()> {
    let mut row = b"unit".to_vec();
    for name in names {
        row.push(b',');
        text(&mut row, name);
    }
    row.push(b'\n');
    out.write_all(&row)
}

/// Writes a text as CSV has it, and so that no spreadsheet takes it for a formula.
fn text(row: &mut Vec<u8>, text: &str) {
    let text = harmless(text);
    if text.contains([',', '"', '\n', '\r']) {
        row.push(b'"');
        row.extend(text.replace('"', "\"\"").bytes());
        row.push(b'"');
    } else {
        row.extend(text.bytes());
    }
}

/// Writes a number so that it reads back to the same bits.
fn number(row: &mut Vec<u8>, figure: f64) -> std::io::Result<()> {
    serde_json::to_writer(row, &figure).map_err(std::io::Error::from)
}
