//! Rebuilds when a file is added to or removed from the packs.

fn main() {
    println!("cargo:rerun-if-changed=../../packs");
}
