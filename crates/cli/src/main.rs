//! The command `grunnlag`, which is all in the library beside this.
//!
//! A program waits until the crates below it are compiled, a library only until they are checked. So
//! the library is compiled while they are, and only linking is left for the end.

fn main() -> std::process::ExitCode {
    cli::main()
}
