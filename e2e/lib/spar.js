// Starts the real binary on a folder of its own, and can kill and restart it on the same address.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const BIN = process.env.SPAR_BIN ?? fileURLToPath(new URL('../../target/release/spar', import.meta.url));
/** The budget for a start is 300 ms; a loaded machine gets a hundred times that before we call it broken. */
const START_MS = 30_000;
/** An attempt ends within 30 s; on a loaded machine it may first wait for a place. */
const GRADED_MS = 120_000;

export class Spar {
  static async start(env = {}) {
    if (!existsSync(BIN)) throw new Error(`${BIN} is missing: build it with \`cargo xtask run\`, or set SPAR_BIN`);
    const spar = new Spar();
    spar.data = await mkdtemp(join(tmpdir(), 'spar-e2e-'));
    spar.env = env;
    await spar.up('127.0.0.1:0');
    return spar;
  }

  /** Starts the process; `bind` defaults to where it was before. */
  async up(bind = this.url.host) {
    this.child = spawn(BIN, ['serve', '--bind', bind, '--data', this.data], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NO_COLOR: '1', ...this.env },
    });
    this.log = '';
    const address = await new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no address within ${START_MS} ms\n${this.log}`)), START_MS);
      const read = (chunk) => {
        this.log += chunk;
        // Not any address: a second reader has one too, and the log names it.
        const found = /(?<=ready on )https?:\/\/(\d+\.\d+\.\d+\.\d+|localhost|\[::1\]):\d+/.exec(this.log);
        if (!found) return;
        clearTimeout(timer);
        resolve(found[0]);
      };
      this.child.stdout.on('data', read);
      this.child.stderr.on('data', read);
      this.child.once('exit', (code) => reject(new Error(`spar left with ${code}\n${this.log}`)));
    });
    this.url = new URL(address);
  }

  /** As a power cut would: no chance to tidy up. */
  async kill() {
    const left = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGKILL');
    await left;
  }

  async stop() {
    if (this.child.exitCode === null && this.child.signalCode === null) await this.kill();
    await rm(this.data, { recursive: true, force: true });
  }

  at(path) {
    return new URL(path, this.url).href;
  }

  async get(path) {
    const response = await fetch(this.at(`/api/v1${path}`));
    if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }

  async answer(item, text, previous) {
    return this.post({ item, submission: { type: 'text', text }, ...(previous ? { previous } : {}) }, [201]);
  }

  /** Hands a program in and waits until it is graded. */
  async program(item, lang, text) {
    const path = `main.${{ python: 'py', javascript: 'js', typescript: 'ts', go: 'go', rust: 'rs' }[lang]}`;
    let attempt = await this.post({ item, submission: { type: 'source', lang, files: [{ path, text }] } }, [201, 202]);
    for (const end = Date.now() + GRADED_MS; ['queued', 'running'].includes(attempt.state); ) {
      if (Date.now() > end) throw new Error(`not graded: ${JSON.stringify(attempt)}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
      attempt = await this.get(`/attempts/${attempt.id}`);
    }
    return attempt;
  }

  async post(attempt, expected) {
    const response = await fetch(this.at('/api/v1/attempts'), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': `e2e-${Math.random()}` },
      body: JSON.stringify(attempt),
    });
    if (!expected.includes(response.status)) throw new Error(`POST /attempts: ${response.status} ${await response.text()}`);
    return response.json();
  }
}
