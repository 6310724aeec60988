//! Chooses within the minutes: what is worth most first, spread over what a loop of the level asks.

use std::collections::BTreeMap;

use super::find::Found;
use super::rank::{Ranked, Scales};
use super::roles::Theme;

/// Questions on remote work in a set for a remote job.
const REMOTE: u32 = 2;

/// How many questions of an theme a set has, at least and at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Quota {
    least: u32,
    most: u32,
}

/// Indexes of the chosen items, in the order of choice. They never take more than `budget` minutes.
pub(crate) fn choose(
    ranked: &[Ranked<'_>],
    found: &Found<'_>,
    budget: u32,
    scales: &Scales<'_>,
) -> Vec<usize> {
    let expected = expected(ranked, budget);
    let quotas = quotas(expected, found.remote, scales);
    let mut chosen: Vec<usize> = Vec::new();
    let mut covered = vec![0.0; found.wanted.len()];
    let mut left = budget;
    loop {
        let count = |theme: Theme| of_theme(ranked, &chosen, theme);
        let owed = |theme: Theme| {
            quotas
                .get(&theme)
                .map_or(0, |q| q.least.saturating_sub(count(theme)))
        };
        let open = |at: &usize| {
            let it = &ranked[*at];
            let most = quotas.get(&it.theme).map_or(0, |quota| quota.most);
            let new = |other: &usize| *other != *at && !scales.roles.alike(ranked[*other].item, it.item);
            it.minutes <= left && count(it.theme) < most && chosen.iter().all(new)
        };
        let open: Vec<usize> = (0..ranked.len()).filter(open).collect();
        // What is owed to the themes comes first when the rest of the time would not hold it otherwise.
        let all_owed: u32 = quotas.keys().map(|theme| owed(*theme)).sum();
        let narrow = length(&chosen) + all_owed >= expected;
        let of_owed = |at: &&usize| narrow && owed(ranked[**at].theme) > 0;
        let best = best(ranked, found, &covered, open.iter().filter(of_owed))
            .or_else(|| best(ranked, found, &covered, open.iter()));
        let Some(best) = best else { return chosen };
        for (term, strength) in &ranked[best].terms {
            covered[*term] += f64::from(*strength) / 3.0;
        }
        left -= ranked[best].minutes;
        chosen.push(best);
    }
}

/// The one worth most; the first of equals.
fn best<'a>(
    ranked: &[Ranked<'_>],
    found: &Found<'_>,
    covered: &[f64],
    of: impl Iterator<Item = &'a usize>,
) -> Option<usize> {
    let worth = |at: usize| ranked[at].worth(&found.wanted, covered);
    of.copied()
        .max_by(|a, b| worth(*a).total_cmp(&worth(*b)).then(b.cmp(a)))
}

fn length(chosen: &[usize]) -> u32 {
    u32::try_from(chosen.len()).unwrap_or(u32::MAX)
}

fn of_theme(ranked: &[Ranked<'_>], chosen: &[usize], theme: Theme) -> u32 {
    let of = chosen.iter().filter(|at| ranked[**at].theme == theme).count();
    u32::try_from(of).unwrap_or(u32::MAX)
}

/// How many questions the minutes hold on average.
fn expected(ranked: &[Ranked<'_>], budget: u32) -> u32 {
    let minutes: u32 = ranked.iter().map(|it| it.minutes).sum();
    let items = u32::try_from(ranked.len()).unwrap_or(u32::MAX);
    (budget * items).checked_div(minutes).unwrap_or(0)
}

/// The shares of level and role in whole questions, with one more for what the posting wants.
fn quotas(expected: u32, remote: bool, scales: &Scales<'_>) -> BTreeMap<Theme, Quota> {
    let mut shares = scales.roles.level(scales.level).shares;
    for (theme, more) in &scales.role.shares {
        *shares.entry(*theme).or_default() += more;
    }
    let quota = |share: i32| {
        let hundredths = expected * u32::try_from(share.max(0)).unwrap_or(0);
        Quota {
            least: hundredths / 100,
            most: hundredths.div_ceil(100) + 1,
        }
    };
    let mut quotas: BTreeMap<Theme, Quota> = shares
        .into_iter()
        .map(|(theme, share)| (theme, quota(share)))
        .collect();
    if remote {
        quotas.insert(
            Theme::Remote,
            Quota {
                least: 1,
                most: REMOTE,
            },
        );
    } else {
        quotas.remove(&Theme::Remote);
    }
    quotas
}
