//! The shim of Go: typed code for each operation, which the compiler checks against the candidate's type.

use std::fmt::Write as _;

use domain::{Operation, Record, Signature, Type};

use super::spelling;

pub(super) fn shim(signature: &Signature) -> String {
    let mut ops = init(signature);
    for op in &signature.ops {
        ops += &operation(op, signature.clock);
    }
    let records: String = signature.records.iter().map(record).collect();
    include_str!("templates/shim.go")
        .replace("@CONCURRENT@", &signature.concurrent.to_string())
        .replace("@CLASS@", &signature.class)
        .replace("@RECORDS@\n", &records)
        .replace("@OPS@", &ops)
}

/// A type as Go writes it.
pub(super) fn written(ty: &Type) -> String {
    match ty {
        Type::Int => "int".to_owned(),
        Type::Float => "float64".to_owned(),
        Type::Str => "string".to_owned(),
        Type::Bool => "bool".to_owned(),
        Type::Optional(inner) => format!("*{}", written(inner)),
        Type::List(inner) => format!("[]{}", written(inner)),
        Type::Map(inner) => format!("map[string]{}", written(inner)),
        Type::Record(name) => name.clone(),
    }
}

/// The function of the template that reads (`Dec`) or writes (`Enc`) a type.
fn codec(way: &str, ty: &Type) -> String {
    let nested = |shape: &str, inner: &Type| format!("spar{way}{shape}({})", codec(way, inner));
    match ty {
        Type::Int => format!("spar{way}Int"),
        Type::Float => format!("spar{way}Float"),
        Type::Str => format!("spar{way}Str"),
        Type::Bool => format!("spar{way}Bool"),
        Type::Optional(inner) => nested("Optional", inner),
        Type::List(inner) => nested("List", inner),
        Type::Map(inner) => nested("Map", inner),
        Type::Record(name) => format!("spar{way}{name}"),
    }
}

/// The head of a case: arguments counted and read into `a0`, `a1` and so on.
fn arguments<'a>(op: &str, types: impl Iterator<Item = &'a Type>) -> (String, String) {
    let mut reading = String::new();
    let mut names = Vec::new();
    for (i, ty) in types.enumerate() {
        let decode = codec("Dec", ty);
        let _ = writeln!(
            reading,
            "\t\ta{i}, err := {decode}(args[{i}])\n\t\tif err != nil {{\n\t\t\treturn nil, err\n\t\t}}"
        );
        names.push(format!("a{i}"));
    }
    let count = names.len();
    let head = format!(
        "\tcase \"{op}\":\n\t\tif err := sparCount(\"{op}\", args, {count}); err != nil {{\n\t\t\treturn nil, err\n\t\t}}\n"
    );
    (head + &reading, names.join(", "))
}

fn init(signature: &Signature) -> String {
    let folder = signature.durable.then_some(Type::Str);
    let types = folder.iter().chain(signature.init.iter().map(|param| &param.ty));
    let (mut code, names) = arguments("init", types);
    let class = &signature.class;
    let _ = writeln!(
        code,
        "\t\treturn &sparPrepared{{func() {{ sparMade = New{class}({names}) }}, sparNothing}}, nil"
    );
    code
}

fn operation(op: &Operation, clock: bool) -> String {
    let now = clock.then_some(Type::Int);
    let types = now.iter().chain(op.params.iter().map(|param| &param.ty));
    let (mut code, names) = arguments(&op.name, types);
    let call = format!("sparMade.{}({names})", spelling::go(&op.name));
    let (declared, run, encode) = match &op.returns {
        None => (String::new(), call, "sparNothing".to_owned()),
        Some(Type::Optional(inner)) => (
            format!("\t\tvar r0 {}\n\t\tvar r1 bool\n", written(inner)),
            format!("r0, r1 = {call}"),
            format!(
                "func(out []byte) ([]byte, error) {{\n\t\t\tif !r1 {{\n\t\t\t\treturn sparNothing(out)\n\t\t\t}}\n\t\t\treturn {}(out, r0)\n\t\t}}",
                codec("Enc", inner)
            ),
        ),
        Some(ty) => (
            format!("\t\tvar r0 {}\n", written(ty)),
            format!("r0 = {call}"),
            format!(
                "func(out []byte) ([]byte, error) {{ return {}(out, r0) }}",
                codec("Enc", ty)
            ),
        ),
    };
    let _ = writeln!(
        code,
        "{declared}\t\treturn &sparPrepared{{func() {{ {run} }}, {encode}}}, nil"
    );
    code
}

fn record(record: &Record) -> String {
    let name = &record.name;
    let mut decode = format!(
        "func sparDec{name}(raw sparRaw) ({name}, error) {{\n\tvar value {name}\n\tfields, err := sparFields(raw)\n\tif err != nil {{\n\t\treturn value, err\n\t}}\n"
    );
    let mut encode = format!(
        "func sparEnc{name}(out []byte, value {name}) ([]byte, error) {{\n\tvar err error\n\tout = append(out, '{{')\n"
    );
    for (i, field) in record.fields.iter().enumerate() {
        let (json, own) = (&field.name, spelling::go(&field.name));
        let (read, write) = (codec("Dec", &field.ty), codec("Enc", &field.ty));
        let comma = if i == 0 { "" } else { "," };
        let _ = writeln!(
            decode,
            "\tif value.{own}, err = {read}(fields[\"{json}\"]); err != nil {{\n\t\treturn value, err\n\t}}"
        );
        let _ = writeln!(
            encode,
            "\tif out, err = {write}(append(out, `{comma}\"{json}\":`...), value.{own}); err != nil {{\n\t\treturn out, err\n\t}}"
        );
    }
    format!("{decode}\treturn value, nil\n}}\n\n{encode}\treturn append(out, '}}'), err\n}}\n\n")
}
