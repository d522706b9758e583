//! The seal: a checksum of the whole file, kept inside the file.
//!
//! One value of the database is sixteen marker bytes and thirty-two more. Those
//! thirty-two are the SHA-256 of the file in which they themselves are zero, so
//! one pass over the bytes tells whether any of them changed, and SQLite can
//! still read the seal without hashing anything.

use std::ops::Range;

use memchr::memmem;
use sha2::{Digest, Sha256};

/// What the seal's value begins with.
pub(crate) const MARKER: &[u8; 16] = b"GRUNNLAG-SEAL-v1";

const DIGEST_BYTES: usize = 32;

/// A seal's digest, as 64 lower-case hex digits.
pub(crate) type Seal = String;

/// The value to store before the file is sealed.
pub(crate) fn blank() -> Vec<u8> {
    let mut value = MARKER.to_vec();
    value.resize(MARKER.len() + DIGEST_BYTES, 0);
    value
}

/// Reads the digest from the seal's value; `None` when it is not a seal.
pub(crate) fn digest_of(value: &[u8]) -> Option<Seal> {
    let digest = value.strip_prefix(MARKER.as_slice())?;
    (digest.len() == DIGEST_BYTES).then(|| hexadecimal(digest))
}

/// The digest written in a file and the digest of its bytes.
pub(crate) struct Comparison {
    pub(crate) written: Seal,
    pub(crate) computed: Seal,
}

/// Compares a file with its seal.
///
/// # Errors
///
/// The number of seals found, when it is not one.
pub(crate) fn compare(file: &[u8]) -> Result<Comparison, usize> {
    let place = locate(file)?;
    Ok(Comparison {
        written: hexadecimal(&file[place.clone()]),
        computed: hexadecimal(&digest(file, &place)),
    })
}

/// Writes the digest into a file that holds a blank seal.
///
/// # Errors
///
/// The number of seals found, when it is not one.
pub(crate) fn close(file: &mut [u8]) -> Result<Seal, usize> {
    let place = locate(file)?;
    let digest = digest(file, &place);
    file[place].copy_from_slice(&digest);
    Ok(hexadecimal(&digest))
}

/// SHA-256 as lower-case hex.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn locate(file: &[u8]) -> Result<Range<usize>, usize> {
    let places: Vec<usize> = memmem::find_iter(file, MARKER).collect();
    match places[..] {
        [place] if place + MARKER.len() + DIGEST_BYTES <= file.len() => {
            let start = place + MARKER.len();
            Ok(start..start + DIGEST_BYTES)
        }
        // A seal cut off by the end of the file is no seal.
        [_] => Err(0),
        _ => Err(places.len()),
    }
}

fn digest(file: &[u8], place: &Range<usize>) -> [u8; DIGEST_BYTES] {
    let mut hash = Sha256::new();
    hash.update(&file[..place.start]);
    hash.update([0; DIGEST_BYTES]);
    hash.update(&file[place.end..]);
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealed() -> Vec<u8> {
        let mut file = b"before ".to_vec();
        file.extend(blank());
        file.extend(b" after");
        close(&mut file).expect("one seal");
        file
    }

    #[test]
    fn a_sealed_file_matches_its_own_seal() {
        let comparison = compare(&sealed()).expect("one seal");
        assert_eq!(comparison.written, comparison.computed);
    }

    #[test]
    fn every_single_bit_matters() {
        let original = sealed();
        for position in 0..original.len() * 8 {
            let mut file = original.clone();
            file[position / 8] ^= 1 << (position % 8);
            let whole = compare(&file).is_ok_and(|seal| seal.written == seal.computed);
            assert!(!whole, "bit {position} went unnoticed");
        }
    }

    #[test]
    fn two_seals_are_as_bad_as_none() {
        let mut file = sealed();
        file.extend(blank());
        assert_eq!(compare(&file).err(), Some(2));
        assert_eq!(compare(b"").err(), Some(0));
    }
}
