//! `spar bank check` and `spar bank verify`.

use std::process::ExitCode;

use serde_json::json;

use crate::args::{BankCheck, BankVerify, Common};
use crate::failure::{Failure, item_id};
use crate::open;
use crate::say::say;

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
    Ok(if failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
