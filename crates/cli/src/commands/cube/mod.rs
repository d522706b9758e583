//! `grunnlag cube`: files with statistical cubes.

mod check;
mod info;
mod slice;

use std::io::Read;
use std::path::Path;

use cube::{Cube, Format};

use super::Session;
use crate::args::{CubeCommand, CubeFormat};
use crate::failure::Failure;

pub use info::symbol_meaning;
pub use slice::cut;

/// Works on cube files.
pub fn run(session: &Session<'_>, command: &CubeCommand) -> Result<(), Failure> {
    match command {
        CubeCommand::Convert { input, target, format } => {
            let target = (target != Path::new("-")).then_some(target.as_path());
            let format = format_of(session, *format, target)?;
            let cube = read(session, &input.file)?;
            write(session, &cube, format, target)
        }
        CubeCommand::Info { input, format } => {
            let cube = read(session, &input.file)?;
            info::show(session, &cube, *format)
        }
        CubeCommand::Validate { input, format } => check::run(session, &input.file, *format),
        CubeCommand::Slice { input, select, eliminate, output } => {
            let format = format_of(session, output.format, output.out.as_deref())?;
            let cube = read(session, &input.file)?;
            let part = cut(session, cube, select, eliminate)?;
            write(session, &part, format, output.out.as_deref())
        }
    }
}

/// Reads a cube file of any format; `-` is standard input.
fn read(session: &Session<'_>, file: &Path) -> Result<Cube, Failure> {
    let bytes = bytes_of(session, file)?;
    let name = file.to_str().filter(|name| *name != "-");
    cube::read_any(&bytes, name).map_err(|error| session.cube_fault(&shown(session, file), &error))
}

fn bytes_of(session: &Session<'_>, file: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let read = match file == Path::new("-") {
        true => std::io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes),
        false => std::fs::read(file),
    };
    read.map_err(|error| session.unreadable(&shown(session, file), &error))
}

/// The file as it is named to people.
fn shown(session: &Session<'_>, file: &Path) -> String {
    match file == Path::new("-") {
        true => session.say("cube.standard_input", &[]),
        false => file.display().to_string(),
    }
}

/// The format asked for, else that of the file's ending; CSV on the screen.
///
/// Called before anything is read or fetched: a format that cannot be is the caller's mistake.
pub fn format_of(
    session: &Session<'_>,
    asked: Option<CubeFormat>,
    target: Option<&Path>,
) -> Result<CubeFormat, Failure> {
    let Some(file) = target else { return Ok(asked.unwrap_or(CubeFormat::Csv)) };
    asked.or_else(|| by_ending(file)).ok_or_else(|| {
        let shown = file.display().to_string();
        Failure::usage(session.say("usage.cube_ending", &[("file", &shown)]))
    })
}

fn by_ending(file: &Path) -> Option<CubeFormat> {
    match file.extension()?.to_str()?.to_ascii_lowercase().as_str() {
        "csv" => Some(CubeFormat::Csv),
        "json" => Some(CubeFormat::JsonStat),
        "px" => Some(CubeFormat::Px),
        "xlsx" => Some(CubeFormat::Xlsx),
        "parquet" => Some(CubeFormat::Parquet),
        "arrow" => Some(CubeFormat::Arrow),
        _ => None,
    }
}

/// Writes a cube, exactly: no cell is altered for a spreadsheet's sake.
pub fn write(
    session: &Session<'_>,
    cube: &Cube,
    format: CubeFormat,
    target: Option<&Path>,
) -> Result<(), Failure> {
    let (kind, is_binary) = match format {
        CubeFormat::Csv => (Format::Csv, false),
        CubeFormat::JsonStat => (Format::JsonStat, false),
        CubeFormat::Px => (Format::Px, false),
        CubeFormat::Xlsx => (Format::Xlsx, true),
        CubeFormat::Parquet => (Format::Parquet, true),
        CubeFormat::Arrow => (Format::Arrow, true),
    };
    let mut bytes = Vec::new();
    cube::write_any(cube, kind, &mut bytes).map_err(|error| session.unwritable(&error))?;
    let output = session.output(target);
    match is_binary {
        true => output.binary(&bytes),
        false => output.raw(&bytes),
    }
}
