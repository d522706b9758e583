//! Builds the packs into the binary.

fn main() -> std::io::Result<()> {
    embed::folder("../../packs", &[".toml", ".sql", ".json"])
}
