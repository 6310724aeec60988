//! Whether figures measured now are those of a page, within what another machine may differ by.

use super::table::POINTS;

/// Most that a share or a correlation may differ.
const SHARE: f64 = 0.02;

/// Most that a figure in points of 100 may differ.
const POINT: f64 = 1.0;

/// Lines that differ by more than the tolerance. Figures are compared in tables, where the heading tells
/// the unit; counts and everything else must be equal.
pub(crate) fn drift(written: &str, measured: &str) -> Vec<String> {
    let (old, new): (Vec<&str>, Vec<&str>) = (
        written.trim().lines().collect(),
        measured.trim().lines().collect(),
    );
    let mut found = Vec::new();
    let mut headings: Vec<String> = Vec::new();
    for at in 0..old.len().max(new.len()) {
        let (before, now) = (
            old.get(at).copied().unwrap_or(""),
            new.get(at).copied().unwrap_or(""),
        );
        let (Some(cells), Some(others)) = (cells(before), cells(now)) else {
            headings.clear();
            if before.trim() != now.trim() {
                found.push(format!("`{before}` is now `{now}`"));
            }
            continue;
        };
        if headings.is_empty() {
            headings = others.iter().map(ToString::to_string).collect();
        }
        let pair = |i: usize| {
            (
                cells.get(i).copied().unwrap_or(""),
                others.get(i).copied().unwrap_or(""),
            )
        };
        let heading = |i: usize| headings.get(i).map_or("", String::as_str);
        let moved = (0..cells.len().max(others.len())).filter(|i| !equal(pair(*i), heading(*i)));
        found.extend(moved.map(|i| {
            let (before, now) = pair(i);
            let row = others.iter().take(3).copied().collect::<Vec<_>>().join(" ");
            format!("{row}: `{}` was {before}, is {now}", heading(i))
        }));
    }
    found
}

/// The cells of a table's row; `None` of any other line.
fn cells(line: &str) -> Option<Vec<&str>> {
    let inner = line.trim().strip_prefix('|')?.strip_suffix('|')?;
    Some(inner.split('|').map(str::trim).collect())
}

fn equal((before, now): (&str, &str), heading: &str) -> bool {
    let ruler = |cell: &str| !cell.is_empty() && cell.bytes().all(|b| b == b'-');
    if before == now || ruler(before) && ruler(now) && before.len() > 1 && now.len() > 1 {
        return true;
    }
    let decimal = |cell: &str| cell.parse::<f64>().ok().filter(|_| cell.contains('.'));
    let (Some(before), Some(now)) = (decimal(before), decimal(now)) else {
        return false;
    };
    let most = if heading.ends_with(POINTS) { POINT } else { SHARE };
    (before - now).abs() <= most + 1e-9
}

#[cfg(test)]
mod tests {
    use super::drift;

    const PAGE: &str = "12 items.\n\n| axis | n | r | bias, pt |\n| --- | --- | --- | --- |\n| coverage | 84 | 0.95 | 2.50 |\n";

    fn check(from: &str, to: &str, told: &[&str]) {
        let found = drift(PAGE, &PAGE.replace(from, to));
        assert_eq!(found.len(), told.len(), "{found:?}");
        for (line, part) in found.iter().zip(told) {
            assert!(line.contains(part), "{line}");
        }
    }

    #[test]
    fn a_figure_may_move_by_the_tolerance_of_its_unit() {
        check("0.95", "0.93", &[]);
        check("0.95", "0.92", &["coverage 84 0.92: `r` was 0.95, is 0.92"]);
        check("2.50", "3.50", &[]);
        check("2.50", "3.51", &["`bias, pt` was 2.50, is 3.51"]);
        check("2.50", "-", &["was 2.50, is -"]);
    }

    #[test]
    fn counts_and_words_may_not_move() {
        check("84", "85", &["`n` was 84, is 85"]);
        check("12 items", "13 items", &["`12 items.` is now `13 items.`"]);
        check("coverage", "structure", &["was coverage, is structure"]);
        check("| coverage | 84 | 0.95 | 2.50 |\n", "", &["| coverage"]);
        check("| --- | --- | --- | --- |", "| ---- | -- | ----- | --- |", &[]);
    }
}
