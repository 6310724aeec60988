//! The `[vary]` table of an item head: what can differ, and what follows from it.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use toml::Spanned;

use super::Problem;
use super::format::{Value, write};
use super::formula;

/// Most variants of one item. Each is graded by `bank verify`, and nobody practises more of one question.
const MAX_VARIANTS: usize = 48;

/// What can differ between the variants of an item.
#[derive(Debug, Clone)]
pub(super) struct Table {
    /// Its bytes in the file, up to the next table.
    pub(super) range: Range<usize>,
    /// In the order of the file; the first varies fastest.
    parameters: Vec<Parameter>,
    /// Formulas by name, with their place.
    formulas: BTreeMap<String, (usize, String)>,
}

#[derive(Debug, Clone)]
struct Parameter {
    name: String,
    at: usize,
    /// The default first.
    choices: Vec<Choice>,
}

/// One choice of a parameter, with how it is said and the values that go with it.
#[derive(Debug, Clone)]
struct Choice {
    value: Value,
    say: String,
    with: BTreeMap<String, Value>,
}

/// The choice of each parameter.
pub(super) type Setting = Vec<usize>;

const SHAPE: &str = "write `name = { default = .., choices = [..], say = \"..\" }` or `name = \"a formula\"`";

impl Table {
    /// The table of a file whose head lies at `head`; `None` when it has none.
    pub(super) fn read(text: &str, head: Range<usize>) -> Result<Option<Self>, Problem> {
        let Some(range) = section(text, head) else {
            return Ok(None);
        };
        let at_section = |at: usize, message: String| Problem {
            at: range.start + at,
            message,
            cure: SHAPE,
        };
        let raw: BTreeMap<String, BTreeMap<String, Spanned<toml::Value>>> =
            toml::from_str(&text[range.clone()]).map_err(|error| {
                let at = error.span().map_or(0, |span| span.start);
                at_section(at, error.message().trim().to_owned())
            })?;
        let mut table = Self {
            range: range.clone(),
            parameters: Vec::new(),
            formulas: BTreeMap::new(),
        };
        for (name, spanned) in raw.into_values().flatten() {
            let at = spanned.span().start;
            let fail = |message: String| at_section(at, format!("`{name}`: {message}"));
            if !formula::is_name(&name) {
                return Err(fail(
                    "a name is lower-case letters, digits and underscores".into(),
                ));
            }
            match spanned.into_inner() {
                toml::Value::String(formula) => {
                    table.formulas.insert(name, (range.start + at, formula));
                }
                toml::Value::Table(raw) => {
                    let choices = choices(raw).map_err(fail)?;
                    table.parameters.push(Parameter {
                        name,
                        at: range.start + at,
                        choices,
                    });
                }
                _ => return Err(fail("is neither a parameter nor a formula".into())),
            }
        }
        table.parameters.sort_by_key(|parameter| parameter.at);
        table.check().map_err(|message| at_section(0, message))?;
        Ok(Some(table))
    }

    /// What cannot be said of one entry alone.
    fn check(&self) -> Result<(), String> {
        let mut names: BTreeSet<&str> = self.formulas.keys().map(String::as_str).collect();
        for parameter in &self.parameters {
            let with = parameter.choices.iter().take(1).flat_map(|c| c.with.keys());
            for name in with.chain([&parameter.name]) {
                if !names.insert(name) {
                    return Err(format!("the name `{name}` is given twice"));
                }
            }
        }
        if self.parameters.is_empty() {
            return Err("`[vary]` has no parameter".into());
        }
        let count = self
            .parameters
            .iter()
            .try_fold(1_usize, |n, p| n.checked_mul(p.choices.len()));
        match count {
            Some(count) if count <= MAX_VARIANTS => Ok(()),
            _ => Err(format!("the choices give more than {MAX_VARIANTS} variants")),
        }
    }

    /// How many variants there are.
    pub(super) fn count(&self) -> u32 {
        let count: usize = self.parameters.iter().map(|p| p.choices.len()).product();
        u32::try_from(count).unwrap_or(u32::MAX)
    }

    /// The choices of a variant, as digits of its number.
    pub(super) fn setting(&self, variant: u32) -> Setting {
        let mut rest = variant as usize;
        let digit = |parameter: &Parameter| {
            let digit = rest % parameter.choices.len();
            rest /= parameter.choices.len();
            digit
        };
        self.parameters.iter().map(digit).collect()
    }

    /// What is particular to a variant, in words.
    pub(super) fn title(&self, setting: &Setting) -> String {
        let says = self.chosen(setting).map(|(_, choice)| choice.say.as_str());
        says.filter(|say| !say.is_empty()).collect::<Vec<_>>().join(", ")
    }

    /// The value of a name; `used` gets every name that it rests on.
    pub(super) fn value(
        &self,
        name: &str,
        setting: &Setting,
        depth: usize,
        used: &mut BTreeSet<String>,
    ) -> Result<Value, String> {
        used.insert(name.to_owned());
        for (parameter, choice) in self.chosen(setting) {
            if parameter.name == name {
                return Ok(choice.value.clone());
            }
            if let Some(value) = choice.with.get(name) {
                return Ok(value.clone());
            }
        }
        let (_, source) = self
            .formulas
            .get(name)
            .ok_or_else(|| format!("`{name}` is no name of `[vary]`"))?;
        self.formula(source, setting, depth, used).map(Value::Number)
    }

    /// The value of a formula over the names of the table.
    pub(super) fn formula(
        &self,
        source: &str,
        setting: &Setting,
        depth: usize,
        used: &mut BTreeSet<String>,
    ) -> Result<f64, String> {
        formula::value(
            source,
            depth,
            &mut |name, depth| match self.value(name, setting, depth, used)? {
                Value::Number(figure) => Ok(figure),
                Value::Text(text) => Err(format!("`{name}` is words, `{text}`, and no figure")),
            },
        )
    }

    /// Names that nothing used, with their places. A parameter counts as used when one of the values that go
    /// with it is.
    pub(super) fn unused(&self, used: &BTreeSet<String>) -> Vec<(usize, String)> {
        let mut out = Vec::new();
        for parameter in &self.parameters {
            let with: Vec<&String> = parameter
                .choices
                .iter()
                .take(1)
                .flat_map(|c| c.with.keys())
                .collect();
            let unused = with.iter().filter(|name| !used.contains(**name));
            out.extend(unused.map(|name| (parameter.at, (*name).clone())));
            if with.is_empty() && !used.contains(&parameter.name) {
                out.push((parameter.at, parameter.name.clone()));
            }
        }
        let formulas = self.formulas.iter().filter(|(name, _)| !used.contains(*name));
        out.extend(formulas.map(|(name, (at, _))| (*at, name.clone())));
        out
    }

    fn chosen<'a>(&'a self, setting: &'a Setting) -> impl Iterator<Item = (&'a Parameter, &'a Choice)> {
        let pairs = self.parameters.iter().zip(setting);
        pairs.filter_map(|(parameter, at)| Some((parameter, parameter.choices.get(*at)?)))
    }
}

/// The bytes of `[vary]` and its sub-tables in a head.
fn section(text: &str, head: Range<usize>) -> Option<Range<usize>> {
    let mut from = None;
    let mut at = head.start;
    for line in text[head.clone()].split_inclusive('\n') {
        let vary = line.trim_end() == "[vary]" || line.starts_with("[vary.");
        match from {
            None if vary => from = Some(at),
            Some(from) if line.starts_with('[') && !vary => return Some(from..at),
            _ => {}
        }
        at += line.len();
    }
    from.map(|from| from..head.end)
}

/// The choices of a parameter as written, the default first.
fn choices(mut raw: toml::Table) -> Result<Vec<Choice>, String> {
    let default = value(raw.remove("default").ok_or("`default` is missing")?)?;
    let mut values = list(raw.remove("choices").ok_or("`choices` is missing")?, "choices")?;
    let say = raw.remove("say");
    let with = match raw.remove("with") {
        None => toml::Table::new(),
        Some(toml::Value::Table(with)) => with,
        Some(_) => return Err("`with` is `{ name = [one value for each choice] }`".into()),
    };
    if let Some(unknown) = raw.keys().next() {
        return Err(format!("`{unknown}` is unknown: default, choices, say, with"));
    }
    let n = values.len();
    let mut choices = Vec::new();
    let says = says(say, &values)?;
    for (value, say) in values.drain(..).zip(says) {
        if say.contains(['"', '\\', '\n']) {
            return Err(format!(
                "`say` has a quotation mark, a backslash or a line end: {say}"
            ));
        }
        choices.push(Choice {
            value,
            say,
            with: BTreeMap::new(),
        });
    }
    for (name, raw) in with {
        let values = list(raw, &name)?;
        if values.len() != n || !formula::is_name(&name) {
            return Err(format!(
                "`with.{name}` needs one value for each of the {n} choices"
            ));
        }
        for (choice, value) in choices.iter_mut().zip(values) {
            choice.with.insert(name.clone(), value);
        }
    }
    let first = choices.iter().position(|choice| choice.value == default);
    let first = first.ok_or("`default` is none of the `choices`")?;
    if n < 2 || (1..n).any(|i| choices[..i].iter().any(|c| c.value == choices[i].value)) {
        return Err("needs two choices or more, all different".into());
    }
    choices[..=first].rotate_right(1);
    Ok(choices)
}

/// How each choice is said: a pattern with `{n}` for the value, or one text for each choice.
fn says(raw: Option<toml::Value>, values: &[Value]) -> Result<Vec<String>, String> {
    let spoken = |value: &Value| match value {
        Value::Text(text) => Ok(text.clone()),
        figure @ Value::Number(_) => write(figure.clone(), &["words"]),
    };
    match raw {
        None => values.iter().map(spoken).collect(),
        Some(toml::Value::String(pattern)) => values
            .iter()
            .map(|v| Ok(pattern.replace("{n}", &spoken(v)?)))
            .collect(),
        Some(raw) => {
            let says = list(raw, "say")?;
            if says.len() != values.len() {
                return Err(format!(
                    "`say` needs one text for each of the {} choices",
                    values.len()
                ));
            }
            says.iter().map(spoken).collect()
        }
    }
}

fn list(raw: toml::Value, name: &str) -> Result<Vec<Value>, String> {
    match raw {
        toml::Value::Array(values) => values.into_iter().map(value).collect(),
        _ => Err(format!("`{name}` is no list")),
    }
}

fn value(raw: toml::Value) -> Result<Value, String> {
    match raw {
        toml::Value::Integer(n) if n.unsigned_abs() < 1 << 53 => Ok(Value::Number(n as f64)),
        toml::Value::Float(n) if n.is_finite() => Ok(Value::Number(n)),
        toml::Value::String(text) => Ok(Value::Text(text)),
        other => Err(format!("a {} is neither a figure nor words", other.type_str())),
    }
}
