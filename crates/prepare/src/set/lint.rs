//! What is wrong with terms and roles beside the bank that they speak of.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Item, Level};

use super::roles::Roles;
use super::terms::Terms;
use super::words::phrase;

/// Something wrong in a terms or roles file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// Whether it stands among the roles rather than the terms.
    pub in_roles: bool,
    /// The text to look for in the file.
    pub near: String,
    /// What is wrong.
    pub message: String,
    /// How to mend it.
    pub cure: String,
}

/// Faults of terms and roles: items that no bank has, terms that do not exist, one alias for two things, and
/// questions that nothing leads to.
pub fn lint(terms: &Terms, roles: &Roles, items: &[&Item]) -> Vec<Fault> {
    let ids: BTreeSet<&str> = items.iter().map(|item| item.id.as_str()).collect();
    let mut faults = Vec::new();
    let mut fault = |in_roles: bool, near: &str, message: String, cure: &str| {
        faults.push(Fault {
            in_roles,
            near: format!("\"{near}\""),
            message,
            cure: cure.to_owned(),
        });
    };
    let mut seen: BTreeMap<Vec<String>, &str> = BTreeMap::new();
    for term in terms.all() {
        for item in term.items.keys().filter(|item| !ids.contains(item.as_str())) {
            let message = format!("the term `{}` leads to `{item}`, which no pack has", term.id);
            fault(false, &term.id, message, "name an item, or drop it");
        }
        for alias in &term.aliases {
            match seen.insert(phrase(alias), &term.id) {
                Some(first) if first == term.id => {
                    let message = format!("`{alias}` stands twice in the term `{first}`");
                    let cure = "drop one: case, hyphens and spaces make no difference";
                    fault(false, alias, message, cure);
                }
                Some(first) => {
                    let message = format!("`{alias}` stands for two things, `{first}` and `{}`", term.id);
                    fault(false, alias, message, "leave it to one of them");
                }
                None => {}
            }
        }
    }
    for role in roles.all() {
        for term in role.terms.iter().filter(|term| terms.term(term).is_none()) {
            let message = format!(
                "the role `{}` has the term `{term}`, which does not exist",
                role.id
            );
            fault(true, &role.id, message, "name a term of `terms.toml`");
        }
        for level in Level::ALL.iter().filter(|level| !role.core.contains_key(level)) {
            let message = format!("the role `{}` has no core for {level}", role.id);
            fault(
                true,
                &role.id,
                message,
                "list the items that its loops usually ask",
            );
        }
    }
    for item in roles.named().filter(|item| !ids.contains(item)) {
        let message = format!("`{item}` is named and no pack has it");
        fault(true, item, message, "name an item, or drop it");
    }
    faults.sort();
    faults.dedup();
    faults
}
