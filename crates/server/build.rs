//! Builds the web app into the binary.

fn main() -> std::io::Result<()> {
    embed::folder("../../web/dist", &[])
}
