//! Whatever the settings: every day within its minutes, and the shares as near as whole activities allow.

use std::collections::{BTreeMap, BTreeSet};

use domain::plan::MAX_PLAN_DAYS;
use domain::{Area, Document as _, Plan, Preset};
use jiff::ToSpan as _;
use prepare::plan::{Day, Known, outlook};
use proptest::prelude::*;

use super::{START, bank};

fn plan() -> impl Strategy<Value = Plan> {
    let minutes = prop::array::uniform7(prop_oneof![Just(0_u16), 1_u16..=30, 30_u16..=480]);
    let pace = (1_u8..=20, 0_u8..=20, 0_u8..=60, 0_u8..=14, 10_u8..=100);
    let phase = (1_u16..=40, prop::collection::vec(0_usize..7, 1..=4), any::<u64>());
    (
        0_usize..3,
        1_i64..=i64::from(MAX_PLAN_DAYS),
        minutes,
        pace,
        prop::collection::vec(phase, 0..=4),
    )
        .prop_filter_map("a day off every day", |(preset, days, minutes, pace, phases)| {
            let interview = START.saturating_add(days.days());
            let mut plan = Preset::ALL[preset].plan(START, interview, minutes);
            (
                plan.pace.retry_days[0],
                plan.pace.study_minutes,
                plan.pace.beside_percent,
            ) = (pace.0, pace.1, pace.2);
            (plan.pace.taper_days, plan.pace.taper_percent) = (pace.3, pace.4);
            if !phases.is_empty() {
                plan.phases = phases
                    .into_iter()
                    .map(|(days, areas, seed)| domain::plan::Phase {
                        title: "Phase".to_owned(),
                        days,
                        shares: shares(&areas, seed),
                    })
                    .collect();
            }
            plan.check().is_ok().then_some(plan)
        })
}

/// Shares that add up to 100, over the areas given.
fn shares(areas: &[usize], mut seed: u64) -> BTreeMap<Area, u8> {
    let areas: BTreeSet<Area> = areas.iter().map(|n| Area::ALL[*n]).collect();
    let mut left = 100;
    let mut shares = BTreeMap::new();
    for (n, area) in areas.iter().enumerate() {
        let last = n + 1 == areas.len();
        let share = if last {
            left
        } else {
            u8::try_from(seed % u64::from(left + 1)).unwrap()
        };
        seed /= 101;
        left -= share;
        shares.insert(*area, share);
    }
    shares
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn any_settings_keep_their_bounds(plan in plan()) {
        let known = Known { materials: bank(), ..Known::default() };
        let seen = outlook(&plan, &known, START);
        for day in seen.ahead.iter().chain([&seen.today]) {
            prop_assert!(day.minutes() <= day.holds, "{} has {} of {}", day.date, day.minutes(), day.holds);
            prop_assert_eq!(day.holds, plan.holds(day.date));
            let ids: BTreeSet<&str> = day.activities.iter().map(|a| a.id.as_str()).collect();
            prop_assert_eq!(ids.len(), day.activities.len());
            let items: Vec<_> = day.activities.iter().filter_map(|a| a.item.as_ref()).collect();
            prop_assert_eq!(items.iter().collect::<BTreeSet<_>>().len(), items.len());
        }
        let days: u16 = seen.stretches.iter().map(|s| u16::try_from(s.first.until(s.last).unwrap().get_days() + 1).unwrap()).sum();
        let light = seen.ahead.iter().chain([&seen.today]).filter(|d| d.light).count();
        prop_assert_eq!(i32::from(days) + i32::try_from(light).unwrap(), plan.days());
        for (at, phase) in seen.balance.iter().enumerate() {
            // Where the bank has too little for a day, time stays free and the shares are what there is.
            let full = |day: &Day| day.phase != Some(at) || day.minutes() + 15 > day.holds;
            if !seen.ahead.iter().chain([&seen.today]).all(full) {
                continue;
            }
            let total: u32 = phase.areas.iter().map(|a| a.ahead + a.done).sum();
            for area in &phase.areas {
                // Five points, or the half of the longest activity where a phase is short.
                let wanted = f64::from(total) * f64::from(area.share) / 100.0;
                let off = (f64::from(area.ahead + area.done) - wanted).abs();
                prop_assert!(off <= f64::max(30.0, f64::from(total) * 0.05),
                    "{}: {} of {} minutes, share {}", area.area, area.ahead, total, area.share);
            }
        }
        prop_assert_eq!(outlook(&plan, &known, START), seen);
    }
}
