//! Until `cube` reads and writes every format itself.

use cube::{Cube, CubeError, columns, jsonstat};

/// How a cube is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    JsonStat,
    Px,
    Csv,
    JsonPx,
    Xlsx,
    Parquet,
    Arrow,
}

impl Format {
    pub fn detect(bytes: &[u8], _: Option<&str>) -> Option<Format> {
        match bytes {
            [b'P', b'A', b'R', b'1', ..] => Some(Format::Parquet),
            [b'A', b'R', b'R', b'O', ..] => Some(Format::Arrow),
            [b'{', ..] => Some(Format::JsonStat),
            _ => None,
        }
    }
}

pub fn read_any(bytes: &[u8], name: Option<&str>) -> Result<Cube, CubeError> {
    match Format::detect(bytes, name) {
        Some(Format::Parquet) => columns::from_parquet(bytes),
        Some(Format::Arrow) => columns::from_ipc(bytes),
        _ if bytes.first() == Some(&b'{') => jsonstat::read(bytes),
        _ => cube::px::read(bytes),
    }
}

pub fn write_any(
    cube: &Cube,
    format: Format,
    out: &mut impl std::io::Write,
) -> std::io::Result<()> {
    match format {
        Format::Parquet => out.write_all(&columns::to_parquet(cube)),
        Format::Arrow => out.write_all(&columns::to_ipc(cube)),
        Format::JsonStat => jsonstat::write(cube, out),
        _ => Err(std::io::Error::other("not yet")),
    }
}
