//! `spar doctor`: what works here, and the cure for what does not.

use std::process::ExitCode;

use serde_json::json;

use crate::args::{Common, Doctor};
use crate::failure::Failure;
use crate::say::say;
use crate::{judge, open};

pub(crate) async fn run(common: &Common, args: &Doctor) -> Result<ExitCode, Failure> {
    let mut capabilities = match open::with_store(common, &args.reader).await {
        Ok(practice) => {
            practice.hear_by(args.speech.open(common)?);
            practice.judge_by(judge::config(common)?);
            practice.start_judge().await;
            practice.capabilities()
        }
        // A store that does not open is what doctor is asked about, not why it should stop.
        Err(Failure::Platform(error)) => {
            let practice = open::without_store(common, &args.reader)?;
            practice.hear_by(args.speech.open(common)?);
            let mut found = practice.capabilities();
            found.iter_mut().filter(|c| c.name == "store").for_each(|c| {
                c.detail = format!("{error:#}");
                c.cure = "give another folder with `--data DIR`, or mend the one named".into();
            });
            found
        }
        Err(failure) => return Err(failure),
    };
    capabilities.sort_by_key(|c| c.name);
    for c in &capabilities {
        if args.json {
            say!(
                "{}",
                json!({ "name": c.name, "ok": c.ok, "detail": c.detail, "cure": c.cure })
            );
        } else {
            let mark = if c.ok { "ok     " } else { "missing" };
            say!("{mark} {:<14} {}", c.name, c.detail);
            if !c.cure.is_empty() {
                say!("        hint: {}", c.cure);
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}
