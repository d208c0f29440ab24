/**
 * Runs the browser tests. Without `CARILLON_URL` they get a node of their own: on a free port, with a data directory that is
 * thrown away, stopped at the end whatever happens. Arguments are names of test files.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EXECUTABLE } from './browser.js';
import { freePort } from './ports.js';

const here = fileURLToPath(new URL('.', import.meta.url));
const LAUNCHER = resolve(here, '../../../carillon');
/** The first start unpacks a PostgreSQL, and the machine may be busy with other builds. */
const START_MS = 180_000;
const STOP_MS = 30_000;

/** A development node as a process that can be taken away and brought back. */
class DevNode {
  readonly #directory = mkdtempSync(join(tmpdir(), 'carillon-e2e-'));
  readonly #port: number;
  #process: ChildProcess | undefined;

  constructor(port: number) {
    this.#port = port;
  }

  get url(): string {
    return `http://localhost:${this.#port}`;
  }

  get data(): string {
    return join(this.#directory, 'data');
  }

  /** Resolves once it says that it is ready; rejects when it dies before that. */
  async start(): Promise<void> {
    const node = spawn(LAUNCHER, ['dev', '--port', String(this.#port), '--data', this.data], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#process = node;
    const log = createWriteStream(this.#log, { flags: 'a' });
    node.stderr.pipe(log, { end: false });
    node.stdout.pipe(log, { end: false });
    let said = '';
    await new Promise<void>((ready, failed) => {
      const timer = setTimeout(() => failed(new Error(`not ready after ${START_MS} ms`)), START_MS);
      node.stdout.on('data', (chunk: Buffer) => {
        said = (said + chunk.toString()).slice(-4_096);
        if (said.includes('Carillon is ready.')) {
          clearTimeout(timer);
          ready();
        }
      });
      node.once('exit', (code, signal) => {
        clearTimeout(timer);
        failed(new Error(`it ended with ${code ?? signal} before it was ready`));
      });
      node.once('error', failed);
    });
  }

  /** Ends it: `SIGTERM` lets it say goodbye, `SIGKILL` does not. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const node = this.#process;
    if (!node || node.exitCode !== null || node.signalCode !== null) return;
    const gone = once(node, 'exit');
    node.kill(signal);
    const timer = setTimeout(() => node.kill('SIGKILL'), STOP_MS);
    await gone;
    clearTimeout(timer);
  }

  get #log(): string {
    return join(this.#directory, 'node.log');
  }

  /** The end of what it wrote, for the reader of a failure. */
  tail(): string {
    return existsSync(this.#log) ? readFileSync(this.#log, 'utf8').split('\n').slice(-60).join('\n') : '';
  }

  forget(): void {
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

/** Lets the tests, in another process, restart the node: `POST /?signal=SIGKILL` answers when it is ready again. */
async function control(node: DevNode): Promise<Server> {
  const server = createServer((request, response) => {
    const signal = new URL(request.url ?? '/', 'http://control').searchParams.get('signal') ?? 'SIGTERM';
    node.stop(signal as NodeJS.Signals).then(() => node.start()).then(
      () => response.writeHead(204).end(),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function tests(environment: NodeJS.ProcessEnv): Promise<number> {
  const files = process.argv.length > 2 ? process.argv.slice(2) : ['access.test.js', 'demo.test.js', 'guide.test.js'];
  const runner = spawn(
    process.execPath, ['--test', '--test-reporter=spec', '--test-concurrency=1', ...files.map((file) => join(here, file))],
    { stdio: 'inherit', env: { ...process.env, ...environment } });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => runner.kill('SIGTERM'));
  const [code] = (await once(runner, 'exit')) as [number | null];
  return code ?? 1;
}

async function main(): Promise<number> {
  // A node that is given is used; without a browser everything is skipped, and no node is needed to say so.
  if (process.env['CARILLON_URL'] !== undefined || !existsSync(EXECUTABLE)) return tests({});
  const node = new DevNode(await freePort());
  try {
    await node.start();
    const server = await control(node);
    const at = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    try {
      const code = await tests({
        CARILLON_URL: node.url,
        CARILLON_DATA: node.data,
        CARILLON_RESTART: `"${process.execPath}" "${join(here, 'restart.js')}" "${at}"`,
      });
      if (code !== 0) console.error(`The end of the node's log:\n${node.tail()}`);
      return code;
    } finally {
      server.closeAllConnections();
      server.close();
    }
  } catch (error) {
    console.error(`The node for the browser tests: ${String(error)}\n${node.tail()}`);
    return 1;
  } finally {
    await node.stop();
    node.forget();
  }
}

process.exitCode = await main();
