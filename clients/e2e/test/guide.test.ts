import assert from 'node:assert/strict';
import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import type { Page } from 'playwright-core';
import { freePort } from './ports.js';
import { missing, NODE_URL, someone, Theatre } from './stage.js';

const ROOT = resolve(fileURLToPath(new URL('.', import.meta.url)), '../../..');
const GUIDE = readFileSync(join(ROOT, 'docs/clients.md'), 'utf8');
const run = promisify(execFile);
const noCurl = spawnSync('curl', ['--version']).error ? 'there is no curl' : false;

/** The snippets of the page, by what their first line says: `js file=app.js`, `sh run`. */
const snippets = new Map([...GUIDE.matchAll(/^```(\S+)(?: (\S+))?\n([\s\S]*?)^```$/gm)]
  .map(([, language, word, text]) => [word ?? `a snippet in ${language} that no test runs`, text!]));
const used = new Set<string>();

/** A snippet, with the addresses of this run instead of those on the page. */
function snippet(word: string, app = 'http://localhost:3000'): string {
  const text = snippets.get(word);
  assert.ok(text, `the page has no snippet marked "${word}"`);
  used.add(word);
  return text.replaceAll('http://localhost:8080', NODE_URL!).replaceAll('http://localhost:3000', app);
}

describe('the guide for application developers', { skip: missing, timeout: 600_000 }, () => {
  const workplace = mkdtempSync(join(tmpdir(), 'carillon-guide-'));
  const project = join(workplace, 'my-app');
  let theatre: Theatre;
  let server: ChildProcess | undefined;
  let app: string;

  before(async () => {
    // Where a reader has the checkout.
    symlinkSync(ROOT, join(workplace, 'carillon'));
    await run('sh', ['-ec', snippet('run')], { cwd: workplace });
    for (const word of snippets.keys()) {
      if (word.startsWith('file=')) writeFileSync(join(project, word.slice(5)), snippet(word));
    }
    const [command, ...given] = snippet('serve').trim().split(' ');
    server = spawn(command!, given, { cwd: project, env: { ...process.env, PORT: String(await freePort()) }, stdio: ['ignore', 'pipe', 'inherit'] });
    const [said] = (await once(server.stdout!, 'data')) as [Buffer];
    app = said.toString().trim();
    theatre = await Theatre.open();
  });
  after(async () => {
    await theatre?.close();
    if (server && server.exitCode === null) {
      server.kill();
      await once(server, 'exit');
    }
    rmSync(workplace, { recursive: true, force: true });
  });

  const idOf = (name: string): string => someone(name).toLowerCase().replace(' ', '-');

  async function open(path: string): Promise<Page> {
    const page = await theatre.visit(`${app}${path}`);
    await page.getByText(/(^|: )connected$/).waitFor();
    return page;
  }

  const plays = (page: Page): Promise<unknown> => page.waitForFunction(() =>
    document.querySelector<HTMLVideoElement>('#remote')!.getVideoPlaybackQuality().totalVideoFrames > 5);

  test('a call rings in the page, both see each other, and it ends', async () => {
    const bob = idOf('Bob');
    const alice = idOf('Alice');
    const his = await open(`/?user=${bob}`);
    const hers = await open(`/?user=${alice}`);
    await hers.getByLabel('Call', { exact: true }).fill(bob);
    await hers.getByRole('button', { name: 'Call with video' }).click();
    await his.getByRole('dialog').getByText(alice).waitFor();
    await his.getByRole('button', { name: 'Accept' }).click();
    await Promise.all([plays(his), plays(hers)]);
    await his.getByRole('dialog').waitFor({ state: 'hidden' });
    await hers.getByRole('button', { name: 'End' }).click();
    await Promise.all([his, hers].map((page) => page.locator('#call').waitFor({ state: 'hidden' })));
  });

  test('a call is declined in the page', async () => {
    const bob = idOf('Bob');
    const his = await open(`/?user=${bob}`);
    const hers = await open(`/?user=${idOf('Alice')}`);
    await hers.getByLabel('Call', { exact: true }).fill(bob);
    await hers.getByRole('button', { name: 'Call with video' }).click();
    await his.getByRole('button', { name: 'Decline' }).click();
    await his.getByRole('dialog').waitFor({ state: 'hidden' });
    await hers.locator('#call').waitFor({ state: 'hidden' });
  });

  test('a backend rings the page', { skip: noCurl }, async () => {
    const bob = idOf('Bob');
    const his = await open(`/?user=${bob}`);
    const { stdout } = await run('sh', ['-ec', snippet('ring', app).replace('"bob"', `"${bob}"`)]);
    assert.equal((JSON.parse(stdout) as { result: string }).result, 'success');
    await his.getByRole('dialog').getByText('alice').waitFor();
    await his.getByRole('button', { name: 'Decline' }).click();
    await his.getByRole('dialog').waitFor({ state: 'hidden' });
  });

  test('the React component rings', async () => {
    await build({
      entryPoints: [join(project, 'phone.jsx')], bundle: true, format: 'esm', jsx: 'automatic', outfile: join(project, 'phone.js'),
      nodePaths: [join(ROOT, 'clients/node_modules')], define: { 'process.env.NODE_ENV': '"development"' }, logLevel: 'error',
    });
    writeFileSync(join(project, 'phone.html'), '<!doctype html><div id="root"></div><script type="module" src="/phone.js"></script>');
    const bob = idOf('Bob');
    const alice = idOf('Alice');
    const his = await open(`/phone.html?user=${bob}`);
    const hers = await open(`/?user=${alice}`);
    await hers.getByLabel('Call', { exact: true }).fill(bob);
    await hers.getByRole('button', { name: 'Call with video' }).click();
    const ring = his.getByRole('alertdialog');
    await ring.getByText(new RegExp(`${alice} is calling, for \\d+ more seconds`)).waitFor();
    await ring.getByRole('button', { name: 'Decline' }).click();
    await ring.waitFor({ state: 'detached' });
    await hers.locator('#call').waitFor({ state: 'hidden' });
  });

  test('the file for a script tag connects', async () => {
    const page = await theatre.visit(`${app}/script.html`);
    await page.getByText('connected', { exact: true }).waitFor();
  });

  const data = process.env['CARILLON_DATA'];
  test('a token signed by the page\'s function is believed', {
    skip: data === undefined ? 'CARILLON_DATA does not say where the node keeps its secret' : false,
  }, async () => {
    const secret = readFileSync(join(data!, 'secret'), 'utf8').trim();
    const { carillonToken } = (await import(pathToFileURL(join(project, 'token.mjs')).href)) as {
      carillonToken(secret: string, realm: string, userId: string, name: string): string;
    };
    const token = carillonToken(secret, 'dev', idOf('Carol'), 'Carol');
    const response = await fetch(`${NODE_URL}/api/v1/calls/active`, { headers: { authorization: `Bearer ${token}` } });
    assert.equal(response.status, 200);
    const forged = carillonToken(`${secret}x`, 'dev', 'carol', 'Carol');
    assert.equal((await fetch(`${NODE_URL}/api/v1/calls/active`, { headers: { authorization: `Bearer ${forged}` } })).status, 401);
  });

  test('no snippet is left out', () => {
    // The node itself was started by the runner with the same command.
    const elsewhere = new Set(['node', ...(noCurl ? ['ring'] : [])]);
    const left = [...snippets.keys()].filter((word) => !used.has(word) && !elsewhere.has(word));
    assert.deepEqual(left, []);
    assert.equal(snippets.get('node'), './carillon/carillon dev\n');
  });
});
