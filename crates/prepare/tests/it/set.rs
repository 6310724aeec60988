//! Tailored sets over the shipped bank: postings of different kinds, written for these tests.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use bank::{Bank, SourceFile};
use domain::{Because, Document, Item, Level, RemarkKind, SetEntry, SetInputs, Source, TailoredSet};
use prepare::set::{Likeness, Roles, Terms, Theme, lint, sentences, tailor};

const PAYMENTS: &str = include_str!("postings/payments.txt");
const PLATFORM: &str = include_str!("postings/platform.txt");
const JUNIOR: &str = include_str!("postings/junior.txt");
const DEVOPS: &str = include_str!("postings/devops.txt");
const NURSE: &str = include_str!("postings/nurse.txt");
const GERMAN: &str = include_str!("postings/german.txt");

struct World {
    bank: Bank,
    terms: Terms,
    roles: Roles,
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../bank")
}

fn world() -> World {
    let read = |path: PathBuf| fs::read_to_string(path).unwrap();
    let mut files = vec![SourceFile {
        path: "lexicon.toml".to_owned(),
        text: read(root().join("lexicon.toml")),
    }];
    for entry in fs::read_dir(root().join("answer")).unwrap() {
        let path = entry.unwrap().path();
        files.push(SourceFile {
            path: format!("answer/{}", path.file_name().unwrap().to_string_lossy()),
            text: read(path),
        });
    }
    World {
        bank: bank::parse(&files, None).0,
        terms: Terms::parse(&read(root().join("terms.toml")), &Terms::default()).unwrap(),
        roles: Roles::parse(&read(root().join("roles.toml")), &Roles::default()).unwrap(),
    }
}

fn inputs(description: &str, role: &str, level: Level) -> SetInputs {
    SetInputs {
        title: String::new(),
        role: role.to_owned(),
        level,
        company: String::new(),
        company_notes: String::new(),
        description: description.to_owned(),
        cv: String::new(),
        minutes: 90,
    }
}

impl World {
    fn items(&self) -> Vec<&Item> {
        self.bank.items().collect()
    }

    fn make(&self, inputs: SetInputs, seed: u64) -> TailoredSet {
        let set = tailor(&self.items(), &self.terms, &self.roles, inputs, None, seed, &[]).unwrap();
        set.check().unwrap();
        set
    }

    fn set(&self, description: &str, role: &str, level: Level) -> TailoredSet {
        self.make(inputs(description, role, level), 0)
    }
}

fn ids(set: &TailoredSet) -> BTreeSet<&str> {
    set.entries.iter().map(|entry| entry.item.as_str()).collect()
}

fn entry<'a>(set: &'a TailoredSet, item: &str) -> &'a SetEntry {
    let found = set.entries.iter().find(|entry| entry.item.as_str() == item);
    found.unwrap_or_else(|| panic!("{item} in {:?}", ids(set)))
}

/// Every quoted text of a set, in lower case.
fn quoted(set: &TailoredSet) -> BTreeSet<String> {
    let marks = set
        .entries
        .iter()
        .flat_map(|e| e.reasons.iter().flat_map(|r| &r.marks));
    marks.map(|mark| mark.text.to_lowercase()).collect()
}

#[test]
fn shipped_terms_and_roles_fit_the_bank() {
    let world = world();
    assert_eq!(lint(&world.terms, &world.roles, &world.items()), []);
    let aliases: usize = world
        .terms
        .all()
        .iter()
        .map(|t| t.aliases.len() + t.exact.len())
        .sum();
    assert!(aliases > 500, "{aliases}");
    // Without the bank each name is one that nothing has.
    assert!(lint(&world.terms, &world.roles, &[]).len() > 100);
}

#[test]
fn different_jobs_get_different_questions() {
    let world = world();
    let payments = world.set(PAYMENTS, "backend", Level::Senior);
    let platform = world.set(PLATFORM, "backend", Level::Senior);
    let junior = world.set(JUNIOR, "backend", Level::Junior);
    let devops = world.set(DEVOPS, "devops", Level::Mid);
    for (set, musts) in [
        (
            &payments,
            vec![
                "idempotent-payments",
                "isolation-levels",
                "distributed-transactions",
            ],
        ),
        (
            &platform,
            vec!["outbox-and-cdc", "consistent-hashing", "monitoring-and-paging"],
        ),
        (
            &junior,
            vec!["authn-authz-choice", "clocks-and-time-zones", "secure-code"],
        ),
        (
            &devops,
            vec![
                "deploy-and-rollback",
                "oncall-latency",
                "monitoring-and-paging",
                "production-incident",
            ],
        ),
    ] {
        for must in musts {
            entry(set, must);
        }
    }
    for (a, b) in [
        (&payments, &platform),
        (&payments, &junior),
        (&platform, &junior),
        (&junior, &devops),
    ] {
        let shared = ids(a).intersection(&ids(b)).count();
        assert!(
            shared * 2 <= a.entries.len().min(b.entries.len()) + 1,
            "{:?} {:?}",
            ids(a),
            ids(b)
        );
    }
    // Remote work is asked about where the job is remote, and only there.
    let remote = |set: &TailoredSet| {
        ids(set).contains("distributed-code-review") || ids(set).contains("async-api-docs")
    };
    assert!(remote(&junior));
    assert!(!remote(&platform) && !remote(&devops));
}

#[test]
fn what_nobody_asks_for_chooses_nothing() {
    let world = world();
    let quoted = quoted(&world.set(PAYMENTS, "backend", Level::Senior));
    for told in ["idempotency", "isolation levels", "postgresql", "card networks"] {
        assert!(quoted.contains(told), "{told} in {quoted:?}");
    }
    // The benefits, the law, the denied, and what becomes of the application.
    for other in [
        "redis",
        "elasticsearch",
        "mongodb",
        "kubernetes",
        "gdpr",
        "personal data",
        "health insurance",
    ] {
        assert!(!quoted.contains(other), "{other} in {quoted:?}");
    }
}

#[test]
fn a_demand_ranks_above_a_wish() {
    let world = world();
    let about = |wish: &str, demand: &str| {
        let text = format!(
            "We build a web service with APIs, databases and Docker for people who plan gardens together.\n\
             Requirements\n- You must know {demand} in depth\n- SQL\n\
             Nice to have\n- {wish}\n"
        );
        world.set(&text, "backend", Level::Mid)
    };
    for (a, b, item_a, item_b) in [
        ("webhooks", "caching", "webhook-delivery", "hot-endpoint-cache"),
        ("multi-tenancy", "OAuth", "multi-tenancy", "authn-authz-choice"),
    ] {
        for (wish, demand, wished, demanded) in [(a, b, item_a, item_b), (b, a, item_b, item_a)] {
            let set = about(wish, demand);
            let place = |item: &str| set.entries.iter().position(|e| e.item.as_str() == item);
            let demanded_at = place(demanded).unwrap_or_else(|| panic!("{demanded} is there"));
            assert!(
                place(wished).is_none_or(|at| at > demanded_at),
                "{demanded} before {wished}"
            );
            assert_eq!(entry(&set, demanded).reasons[0].because, Because::Required);
            assert_eq!(entry(&set, demanded).weight, 3);
        }
    }
}

#[test]
fn a_particular_word_chooses_before_those_of_every_posting() {
    let world = world();
    let usual = "Requirements\n- Design and build scalable APIs at large scale in the cloud, with databases\n\
        - Collaborate across teams, take ownership, write unit tests, care about performance\n";
    let of_outbox = |text: &str| {
        let set = world.set(text, "backend", Level::Senior);
        let place = set
            .entries
            .iter()
            .position(|e| e.item.as_str() == "outbox-and-cdc");
        (set, place)
    };
    let (plain, place) = of_outbox(usual);
    assert_eq!(place, None);
    assert!(plain.entries.iter().all(|e| e.weight < 3), "{:?}", plain.entries);
    let (set, place) = of_outbox(&format!(
        "{usual}- You have used patterns such as a transactional outbox\n"
    ));
    assert_eq!(place, Some(0), "{:?}", ids(&set));
    let first = &set.entries[0];
    assert_eq!(
        (first.weight, first.reasons[0].marks[0].text.as_str()),
        (3, "transactional outbox")
    );
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_stays_within_bounds() {
    let world = world();
    let json = |set: &TailoredSet| serde_json::to_string(set).unwrap();
    let mut seen = BTreeSet::new();
    for seed in 0..12 {
        let make = || world.make(inputs(JUNIOR, "backend", Level::Junior), seed);
        let set = make();
        assert_eq!(json(&set), json(&make()));
        assert_eq!(set.digest, world.set(JUNIOR, "backend", Level::Junior).digest);
        assert!(set.minutes() <= 90, "{}", set.minutes());
        let fundamentals = set
            .entries
            .iter()
            .filter(|e| world.roles.theme(world.bank.item(&e.item).unwrap()) == Some(Theme::Fundamentals));
        assert!(fundamentals.count() >= 3);
        seen.insert(ids(&set).iter().map(|id| (*id).to_owned()).collect::<Vec<_>>());
    }
    assert!(seen.len() > 1, "seeds differ");
}

#[test]
fn the_time_is_never_exceeded_and_alike_questions_are_not_both_there() {
    let world = world();
    for minutes in [10, 17, 30, 60, 90, 200, 600] {
        for level in Level::ALL {
            let set = world.make(
                SetInputs {
                    minutes,
                    ..inputs(PLATFORM, "backend", *level)
                },
                3,
            );
            assert!(
                set.minutes() <= minutes && !set.entries.is_empty(),
                "{minutes} {level}"
            );
            let items: Vec<&Item> = set
                .entries
                .iter()
                .map(|e| world.bank.item(&e.item).unwrap())
                .collect();
            for (at, a) in items.iter().enumerate() {
                for b in &items[at + 1..] {
                    assert!(!world.roles.alike(a, b), "{} and {}", a.id, b.id);
                }
            }
            assert!(items.iter().all(|item| !item.id.as_str().starts_with("ask-")));
        }
    }
}

#[test]
fn levels_are_weighted() {
    let world = world();
    let share = |level: Level, theme: Theme| {
        let set = world.set("", "backend", level);
        let of = set
            .entries
            .iter()
            .filter(|e| world.roles.theme(world.bank.item(&e.item).unwrap()) == Some(theme));
        of.count() * 100 / set.entries.len()
    };
    assert!(share(Level::Junior, Theme::Fundamentals) > share(Level::Senior, Theme::Fundamentals));
    assert!(share(Level::Junior, Theme::Coding) > share(Level::Senior, Theme::Coding));
    assert!(share(Level::Senior, Theme::Design) > share(Level::Junior, Theme::Design));
    assert!(share(Level::Senior, Theme::Ownership) > share(Level::Junior, Theme::Ownership));
}

#[test]
fn what_the_texts_are_not_is_said() {
    let world = world();
    let kinds = |set: &TailoredSet| -> Vec<RemarkKind> { set.remarks.iter().map(|r| r.kind).collect() };
    let empty = world.set("  \n", "backend", Level::Mid);
    assert_eq!(kinds(&empty), [RemarkKind::NoDescription]);
    assert!(empty.entries.len() > 8);
    assert!(
        empty
            .entries
            .iter()
            .all(|e| e.reasons[0].because == Because::Level)
    );
    let nurse = world.set(NURSE, "backend", Level::Mid);
    assert_eq!(kinds(&nurse), [RemarkKind::Field]);
    assert!(quoted(&nurse).is_empty(), "{:?}", quoted(&nurse));
    let german = world.set(GERMAN, "backend", Level::Mid);
    assert_eq!(kinds(&german)[0], RemarkKind::Language);
    assert!(quoted(&german).contains("kafka"));
    assert!(kinds(&world.set("Go and Kafka.", "backend", Level::Mid)).contains(&RemarkKind::Short));
    let go = world.set(PAYMENTS, "backend", Level::Senior);
    let uncovered = go
        .remarks
        .iter()
        .find(|r| r.kind == RemarkKind::Uncovered)
        .unwrap();
    assert!(uncovered.says.contains("Go"), "{}", uncovered.says);
    let error = tailor(
        &world.items(),
        &world.terms,
        &world.roles,
        inputs("", "pilot", Level::Mid),
        None,
        0,
        &[],
    );
    assert!(
        error
            .unwrap_err()
            .to_string()
            .contains("`role` must be one of backend")
    );
}

#[test]
fn words_are_told_from_their_homonyms() {
    let world = world();
    let found = |sentence: &str| {
        let text = format!("{sentence}\nRequirements\n- Java, PostgreSQL, Docker\n");
        let set = world.make(
            SetInputs {
                cv: "I know a lot.".to_owned(),
                ..inputs(&text, "backend", Level::Mid)
            },
            0,
        );
        set.gaps
            .iter()
            .map(|gap| gap.term.clone())
            .collect::<BTreeSet<_>>()
    };
    for (sentence, term, there) in [
        ("Go beyond the plan.", "go", false),
        ("You go to market with us, and let it Go live.", "go", false),
        ("We write Go.", "go", true),
        ("Go, Python or Rust", "go", true),
        ("The rest is up to you.", "rest", false),
        ("You design REST and gRPC services.", "rest", true),
        ("We integrate payment Rails of banks.", "web-frameworks", false),
        ("Our monolith runs on Rails.", "web-frameworks", true),
        ("Spark your curiosity.", "data-pipelines", false),
        ("Jobs run on Spark.", "data-pipelines", true),
        ("We don't use Kafka.", "kafka", false),
        ("Experience with Kafka is not required.", "kafka", false),
        ("You know not only Kafka.", "kafka", true),
        ("Please rely on. Call us.", "on-call", false),
        ("You share the on‑call duty.", "on-call", true),
        ("Our tests look for SQL injection.", "sql", false),
        ("You know SQL.", "sql", true),
        ("We run a real-time data platform.", "real-time", false),
        ("Riders see real-time positions.", "real-time", true),
    ] {
        assert_eq!(found(sentence).contains(term), there, "{sentence}");
    }
}

#[test]
fn a_cv_is_probed_and_its_gaps_are_named() {
    let world = world();
    let cv = "Backend engineer.\nBuilt the ledger of a bank on MySQL. Ran Kafka for two years.\n";
    let set = world.make(
        SetInputs {
            cv: cv.to_owned(),
            ..inputs(PLATFORM, "backend", Level::Senior)
        },
        0,
    );
    let claim = set.claims.iter().find(|claim| claim.term == "kafka").unwrap();
    assert!(claim.ask.starts_with("Your CV says “Kafka”"), "{}", claim.ask);
    assert!(claim.marks.iter().any(|mark| mark.source == Source::Cv));
    let kubernetes = set.gaps.iter().find(|gap| gap.term == "kubernetes").unwrap();
    assert!(kubernetes.required && kubernetes.marks[0].text == "Kubernetes");
    assert!(
        set.gaps
            .iter()
            .all(|gap| gap.term != "kafka" && gap.term != "mysql")
    );
    let reasons = &entry(&set, "outbox-and-cdc").reasons;
    assert!(
        reasons.iter().any(|reason| reason.because == Because::Claimed),
        "{reasons:?}"
    );
    // Without a CV nothing is claimed and nothing is missing.
    let without = world.set(PLATFORM, "backend", Level::Senior);
    assert!(without.claims.is_empty() && without.gaps.is_empty());
}

#[test]
fn meaning_adds_a_question_where_no_word_does() {
    let world = world();
    let text = "Requirements\n- You keep the promises of what you ship when friends of friends write against it\n\
        - PostgreSQL, Java and Docker in a team of nine people who have worked on the same product for years and years, \
        with a calm hand and an eye for what users of the product want from us";
    let inputs = inputs(text, "backend", Level::Mid);
    let mark = sentences(&inputs, &world.terms)
        .into_iter()
        .find(|mark| mark.text.contains("promises"))
        .unwrap();
    let likeness = |similarity: f64| Likeness {
        item: "webhook-delivery".parse().unwrap(),
        mark: mark.clone(),
        similarity,
    };
    let make = |likenesses: &[Likeness]| {
        tailor(
            &world.items(),
            &world.terms,
            &world.roles,
            inputs.clone(),
            None,
            0,
            likenesses,
        )
        .unwrap()
    };
    assert!(!ids(&make(&[])).contains("webhook-delivery"));
    let set = make(&[likeness(0.95)]);
    let reason = &entry(&set, "webhook-delivery").reasons[0];
    assert_eq!(
        (reason.because, &reason.marks),
        (Because::Meant, &vec![mark.clone()])
    );
}

#[test]
fn a_pack_adds_terms_roles_and_questions_for_them() {
    let world = world();
    let terms = "[[term]]\nid = \"terraform-state\"\nname = \"the state of Terraform\"\nkind = \"technology\"\n\
        aliases = [\"terraform\"]\nitems = { deploy-and-rollback = 3 }\n";
    let roles = "[[role]]\nid = \"data\"\ntitle = \"Data engineer\"\nnote = \"From a pack.\"\n\
        [role.core]\nmid = [\"outbox-and-cdc\", \"background-jobs\"]\n";
    let world = World {
        terms: Terms::parse(terms, &world.terms).unwrap(),
        roles: Roles::parse(roles, &world.roles).unwrap(),
        bank: world.bank,
    };
    assert!(world.terms.term("kafka").is_some() && world.roles.role("backend").is_some());
    let set = world.set("", "data", Level::Mid);
    assert!(ids(&set).contains("outbox-and-cdc") && ids(&set).contains("background-jobs"));
    for broken in [
        "[[term]]\nid = \"A b\"\nname = \"x\"\nkind = \"way\"\naliases = [\"x\"]\n",
        "[[term]]\nid = \"a\"\nname = \"x\"\nkind = \"way\"\naliases = [\"!\"]\n",
        "[[term]]\nid = \"a\"\nname = \"x\"\nkind = \"way\"\naliases = [\"x\"]\nitems = { y = 9 }\n",
        "term = 1",
    ] {
        assert!(Terms::parse(broken, &Terms::default()).is_err(), "{broken}");
    }
}
