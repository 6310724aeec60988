//! A zip archive of a few files (PKWARE's APPNOTE 6.3.3, 4.3): deflated, without times and attributes, so that
//! the bytes depend on the files alone.

use std::io::Write as _;

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

/// The version of the format that deflate needs, 2.0.
const VERSION: u16 = 20;

/// Flag: names are UTF-8.
const UTF8: u16 = 1 << 11;

/// Compression method 8.
const DEFLATED: u16 = 8;

/// The first day that the format can say, 1980-01-01, at midnight: bits of day and month.
const DATE: u16 = (1 << 5) | 1;
const TIME: u16 = 0;

/// The archive of some files, each smaller than 4 GB.
pub(super) fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut directory = Vec::new();
    for (name, bytes) in files {
        let offset = size(out.len());
        let packed = deflated(bytes);
        let mut crc = Crc::new();
        crc.update(bytes);
        // What the header of the file and its entry in the directory share.
        let mut shared = Vec::new();
        for half in [VERSION, UTF8, DEFLATED, TIME, DATE] {
            shared.extend(half.to_le_bytes());
        }
        for word in [crc.sum(), size(packed.len()), size(bytes.len()), size(name.len())] {
            shared.extend(word.to_le_bytes());
        }
        // Length of the name in two bytes, then that of extra fields, none: the last word above.
        out.extend(b"PK\x03\x04");
        out.extend(&shared);
        out.extend(name.as_bytes());
        out.extend(packed);

        directory.extend(b"PK\x01\x02");
        directory.extend(VERSION.to_le_bytes());
        directory.extend(&shared);
        // Comment, disk, inner and outer attributes: none.
        directory.extend([0; 2 + 2 + 2 + 4]);
        directory.extend(offset.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let (start, length) = (size(out.len()), size(directory.len()));
    out.extend(directory);
    out.extend(b"PK\x05\x06");
    // This disk and the disk of the directory: the only one.
    out.extend([0; 2 + 2]);
    for _ in ["on this disk", "in all"] {
        out.extend(&size(files.len()).to_le_bytes()[..2]);
    }
    out.extend(length.to_le_bytes());
    out.extend(start.to_le_bytes());
    // Comment: none.
    out.extend([0; 2]);
    out
}

fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    // Writing into memory does not fail.
    let _ = encoder.write_all(bytes);
    encoder.finish().unwrap_or_default()
}

fn size(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
