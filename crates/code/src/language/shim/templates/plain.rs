    fn serve(mut input: BufReader<File>, out: &Arc<Out>) {
        let mut object: Option<Object> = None;
        let mut text = Vec::new();
        while matches!(input.read_until(b'\n', &mut text), Ok(1..)) && text.pop() == Some(b'\n') {
            match line(&text) {
                None => out.send("null", "\"err\":\"bad line\""),
                Some(line) => {
                    let done = match (&mut object, line.op.as_str()) {
                        (_, "init") => make(&line.args, &mut object).unwrap_or_else(failed),
                        (Some(object), op) => call(object, op, &line.args).unwrap_or_else(failed),
                        (None, _) => not_made(),
                    };
                    out.send(&line.id, &done.body());
                }
            }
            text.clear();
        }
    }

