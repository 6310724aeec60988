//! `spar bank check` and `spar bank verify`.

use std::process::ExitCode;

use practice::{Judge, ProofLine};
use serde_json::json;

use crate::args::{BankCheck, BankVerify, Common};
use crate::failure::{Failure, item_id};
use crate::say::say;
use crate::{judge, open};

pub(crate) fn check(common: &Common, args: &BankCheck) -> Result<ExitCode, Failure> {
    let loaded = practice::load(&common.bank)?;
    let findings = practice::check(&loaded);
    for finding in &findings {
        let d = &finding.diagnostic;
        let pack = finding.pack.as_ref().map(|p| p.display().to_string());
        if args.json {
            let line = json!({ "pack": pack, "path": d.path, "line": d.line, "column": d.column,
                               "message": d.message, "cure": d.cure });
            say!("{line}");
        } else {
            say!("{}{d}", pack.map_or(String::new(), |p| format!("{p}/")));
        }
    }
    let items = loaded.bank.items().count();
    eprintln!("{items} items, {} findings", findings.len());
    Ok(if findings.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

pub(crate) fn verify(common: &Common, args: &BankVerify) -> Result<ExitCode, Failure> {
    if args.times == 0 {
        return Err(Failure::Input(anyhow::anyhow!("`--times` must be 1 or more")));
    }
    let loaded = open::packs(common)?;
    for id in &args.ids {
        let known = loaded.bank.item(&item_id(id)?).is_some();
        if !known {
            return Err(Failure::Input(anyhow::anyhow!(
                "no item `{id}`: `spar list` shows those there are"
            )));
        }
    }
    let wanted = |item: &domain::Item| {
        let named = args.ids.is_empty() || args.ids.iter().any(|id| id == item.id.as_str());
        named && args.round.is_none_or(|round| item.round == round)
    };
    let encoder = open::encoder()?;
    let lines = practice::verify(&loaded.bank, encoder.as_ref(), wanted);
    let failed = lines.iter().filter(|line| !line.ok).count();
    for line in &lines {
        if args.json {
            say!("{}", serde_json::to_string(line).map_err(Failure::platform)?);
        } else {
            let mark = if line.ok { "ok  " } else { "FAIL" };
            let coverage = line.coverage.map_or("void".to_owned(), |c| format!("{c:>5.1}"));
            say!(
                "{mark} {:<26} {coverage}  {:<40} {}",
                line.item,
                line.subject,
                line.expected
            );
        }
    }
    eprintln!("{} answers, {failed} off their mark", lines.len());
    let off = programs(common, args, &loaded.bank, wanted)?;
    Ok(if failed + off == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Runs the programs and tests of the items that take programs; how many are off.
fn programs(
    common: &Common,
    args: &BankVerify,
    bank: &practice::Bank,
    wanted: impl Fn(&domain::Item) -> bool,
) -> Result<usize, Failure> {
    let count = bank
        .items()
        .filter(|item| item.code().is_some() && wanted(item))
        .count();
    if count == 0 {
        return Ok(0);
    }
    let show = |line: &ProofLine| {
        if args.json {
            let line = serde_json::to_string(line).unwrap_or_default();
            say!("{line}");
            return;
        }
        let mark = if line.ok { "ok  " } else { "FAIL" };
        let score = line.score.map_or(String::new(), |score| format!("{score:.0}"));
        let ProofLine {
            item,
            subject,
            expected,
            got,
            ..
        } = line;
        say!("{mark} {item:<20} {subject:<48} {expected:<16} {got:<16} {score}");
    };
    let tests = practice::verify_tests(bank, &wanted);
    tests.iter().for_each(show);
    let judge =
        Judge::start(judge::config(common)?).map_err(|error| Failure::from(practice::Error::from(error)))?;
    let lines = practice::verify_programs(bank, &judge, &wanted, args.times, show);
    let off = lines.iter().chain(&tests).filter(|line| !line.ok).count();
    eprintln!(
        "{} programs and tests of {count} items, {off} off their mark",
        lines.len() + tests.len()
    );
    Ok(off)
}
