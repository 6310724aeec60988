use std::io::{self, BufRead, BufWriter, Write};

fn main() -> io::Result<()> {
    let mut input = io::stdin().lock();
    let mut out = BufWriter::new(io::stdout().lock());
    let mut line = Vec::new();
    let mut lines = 0;
    while input.read_until(b'\n', &mut line)? > 0 {
        // `line` has its newline at the end, if it has one. Your code goes here.
        lines += 1;
        line.clear();
    }
    writeln!(out, "end lines={lines} counted=0 duplicate=0 late=0 malformed=0")?;
    out.flush()
}
