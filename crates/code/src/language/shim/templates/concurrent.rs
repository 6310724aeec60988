    /// Runs scripts on a thread each, let go at one moment.
    fn par(object: &Object, args: &[Json]) -> Result<String, String> {
        let mut scripts = Vec::new();
        for script in args {
            let Json::List(calls) = script else { return unlike(script, "script") };
            let mut known = Vec::new();
            for one in calls {
                let (Json::Str(op), Json::List(args)) = (one.get("op"), one.get("args")) else {
                    return unlike(one, "call");
                };
                known.push((op, args));
            }
            scripts.push(known);
        }
        let barrier = Barrier::new(scripts.len());
        let run = |script: &[(&String, &Vec<Json>)]| -> Vec<Done> {
            barrier.wait();
            script.iter().map(|(op, args)| call(object, op, args).unwrap_or_else(failed)).collect()
        };
        let done: Vec<Vec<Done>> = std::thread::scope(|scope| {
            let threads: Vec<_> = scripts.iter().map(|script| scope.spawn(|| run(script))).collect();
            threads.into_iter().map(|thread| thread.join().unwrap_or_default()).collect()
        });
        let told = |done: &Done| format!("[{{{}}},{},{}]", done.body(), done.began, done.ended);
        let lists: Vec<String> = done
            .iter()
            .map(|replies| format!("[{}]", replies.iter().map(told).collect::<Vec<_>>().join(",")))
            .collect();
        Ok(format!("[{}]", lists.join(",")))
    }

    fn answer(object: &Option<Arc<Object>>, line: &Line, out: &Out) {
        let done = match (object, line.op.as_str()) {
            (None, _) => not_made(),
            (Some(object), "@par") => Done { reply: par(object, &line.args), began: 0, ended: 0 },
            (Some(object), op) => call(object, op, &line.args).unwrap_or_else(failed),
        };
        out.send(&line.id, &done.body());
    }

    fn class_must_be_safe_for_threads<T: Send + Sync + 'static>() {}

    fn serve(mut input: BufReader<File>, out: &Arc<Out>) {
        class_must_be_safe_for_threads::<Object>();
        let mut object: Option<Arc<Object>> = None;
        let mut clients: BTreeMap<i64, (mpsc::Sender<(Option<Arc<Object>>, Line)>, std::thread::JoinHandle<()>)> =
            BTreeMap::new();
        let mut text = Vec::new();
        while matches!(input.read_until(b'\n', &mut text), Ok(1..)) && text.pop() == Some(b'\n') {
            match line(&text) {
                None => out.send("null", "\"err\":\"bad line\""),
                Some(line) if line.op == "init" => {
                    let mut made = None;
                    let done = make(&line.args, &mut made).unwrap_or_else(failed);
                    object = made.map(Arc::new);
                    out.send(&line.id, &done.body());
                }
                Some(line) => match line.client {
                    Some(client) if line.op != "@par" => {
                        let (sender, _) = clients.entry(client).or_insert_with(|| {
                            let (sender, calls) = mpsc::channel::<(Option<Arc<Object>>, Line)>();
                            let out = Arc::clone(out);
                            let work = move || calls.iter().for_each(|(object, line)| answer(&object, &line, &out));
                            (sender, std::thread::spawn(work))
                        });
                        let _ = sender.send((object.clone(), line));
                    }
                    _ => answer(&object, &line, out),
                },
            }
            text.clear();
        }
        for (_, (sender, thread)) in clients {
            drop(sender);
            let _ = thread.join();
        }
    }

