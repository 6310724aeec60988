//! The shim of Rust: typed code for each operation, which the compiler checks against the candidate's type.

use std::fmt::Write as _;

use domain::{Operation, Record, Signature, Type};

use super::spelling;

pub(super) fn shim(signature: &Signature) -> String {
    let mut code: String = signature.records.iter().map(record).collect();
    let _ = writeln!(code, "    type Object = solution::{};\n", signature.class);
    code += &make(signature);
    code += &call(signature);
    code += if signature.concurrent { CONCURRENT } else { PLAIN };
    include_str!("templates/shim.rs").replace("@GENERATED@\n", &code)
}

/// What all shims share: the crate `spar_runtime`, as file names and texts, its root first.
pub(in crate::language) const RUNTIME: [(&str, &str); 2] = [
    ("runtime.rs", include_str!("templates/runtime.rs")),
    ("json.rs", include_str!("templates/json.rs")),
];

const PLAIN: &str = "    pub fn start() -> ! {
        let mut object: Option<Object> = None;
        spar_runtime::plain(&mut |op, args| match &mut object {
            _ if op == \"init\" => make(args, &mut object),
            Some(object) => call(object, op, args),
            None => Ok(not_made()),
        })
    }
";

const CONCURRENT: &str = "    fn class_must_be_safe_for_threads<T: Send + Sync + 'static>() {}

    pub fn start() -> ! {
        class_must_be_safe_for_threads::<Object>();
        spar_runtime::concurrent(&|args| {
            let mut made = None;
            let done = make(args, &mut made)?;
            let object = made.map(|object| {
                let object: Arc<spar_runtime::Call<'static>> = Arc::new(move |op: &str, args: &[Json]| call(&object, op, args));
                object
            });
            Ok((done, object))
        })
    }
";

/// A type as Rust writes it where it is owned.
pub(super) fn written(ty: &Type) -> String {
    match ty {
        Type::Int => "i64".to_owned(),
        Type::Float => "f64".to_owned(),
        Type::Str => "String".to_owned(),
        Type::Bool => "bool".to_owned(),
        Type::Optional(inner) => format!("Option<{}>", written(inner)),
        Type::List(inner) => format!("Vec<{}>", written(inner)),
        Type::Map(inner) => format!("HashMap<String, {}>", written(inner)),
        Type::Record(name) => name.clone(),
    }
}

/// As [`written`], with the records found from within the shim.
fn qualified(ty: &Type) -> String {
    match ty {
        Type::Optional(inner) => format!("Option<{}>", qualified(inner)),
        Type::List(inner) => format!("Vec<{}>", qualified(inner)),
        Type::Map(inner) => format!("HashMap<String, {}>", qualified(inner)),
        Type::Record(name) => format!("solution::{name}"),
        _ => written(ty),
    }
}

/// The statements that read arguments into `a0`, `a1` and so on, and how they are passed on.
fn arguments<'a>(op: &str, types: impl Iterator<Item = &'a Type>) -> (String, String) {
    let mut reading = String::new();
    let mut names = Vec::new();
    for (i, ty) in types.enumerate() {
        let _ = writeln!(
            reading,
            "                let a{i}: {} = decoded(args, {i})?;",
            qualified(ty)
        );
        let lent = if *ty == Type::Str { "&" } else { "" };
        names.push(format!("{lent}a{i}"));
    }
    let count = format!("                counted(\"{op}\", args, {})?;\n", names.len());
    (count + &reading, names.join(", "))
}

fn make(signature: &Signature) -> String {
    let folder = signature.durable.then_some(Type::Str);
    let types = folder.iter().chain(signature.init.iter().map(|param| &param.ty));
    let (reading, names) = arguments("init", types);
    format!(
        "    fn make(args: &[Json], made: &mut Option<Object>) -> Result<Done, String> {{\n{reading}        \
         Ok(timed(|| *made = Some(Object::new({names})), |(), out| ().encode(out)))\n    }}\n\n"
    )
}

fn call(signature: &Signature) -> String {
    let by = if signature.concurrent { "&" } else { "&mut " };
    let mut code = format!(
        "    fn call(object: {by}Object, op: &str, args: &[Json]) -> Result<Done, String> {{\n        match op {{\n"
    );
    for op in &signature.ops {
        code += &operation(op, signature.clock);
    }
    code + "            _ => Err(format!(\"there is no operation `{op}`\")),\n        }\n    }\n\n"
}

fn operation(op: &Operation, clock: bool) -> String {
    let now = clock.then_some(Type::Int);
    let types = now.iter().chain(op.params.iter().map(|param| &param.ty));
    let (reading, names) = arguments(&op.name, types);
    let method = spelling::rust(&op.name);
    let (run, encode) = match op.returns {
        None => (
            format!("{{ object.{method}({names}); }}"),
            "|(), out| ().encode(out)",
        ),
        Some(_) => (
            format!("object.{method}({names})"),
            "|value, out| value.encode(out)",
        ),
    };
    format!(
        "            \"{}\" => {{\n{reading}                Ok(timed(|| {run}, {encode}))\n            }}\n",
        op.name
    )
}

fn record(record: &Record) -> String {
    let name = &record.name;
    let mut decode = String::new();
    let mut encode = String::new();
    for (i, field) in record.fields.iter().enumerate() {
        let (json, own) = (&field.name, spelling::rust(&field.name));
        let comma = if i == 0 { "" } else { "," };
        let _ = writeln!(
            decode,
            "                {own}: Decode::decode(json.get(\"{json}\"))?,"
        );
        let _ = writeln!(
            encode,
            "            out.push_str(\"{comma}\\\"{json}\\\":\");\n            self.{own}.encode(out)?;"
        );
    }
    format!(
        "    impl Decode for solution::{name} {{\n        fn decode(json: &Json) -> Result<Self, String> {{\n            \
         Ok(Self {{\n{decode}            }})\n        }}\n    }}\n\n    impl Encode for solution::{name} {{\n        \
         fn encode(&self, out: &mut String) -> Result<(), String> {{\n            out.push('{{');\n{encode}            \
         out.push('}}');\n            Ok(())\n        }}\n    }}\n\n"
    )
}
