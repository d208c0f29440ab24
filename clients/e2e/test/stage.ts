import assert from 'node:assert/strict';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { EXECUTABLE } from './browser.js';
import { Wire } from './wire.js';

export const NODE_URL = process.env['CARILLON_URL'];
const SHOTS = process.env['CARILLON_SHOTS'];

/** A machine that does other things as well may take its time; a broken promise is not kept after a minute either. */
const TIMEOUT_MS = 60_000;

/** Why the browser tests cannot run here; false when they can. Shown beside each test that is skipped. */
export const missing: string | false =
  NODE_URL === undefined ? 'CARILLON_URL names no development node'
  : !existsSync(EXECUTABLE) ? `no browser at ${EXECUTABLE} (apt-get install chromium, or set CARILLON_CHROMIUM)`
  : false;

/** One browser, and the people in it. */
export class Theatre {
  readonly #browser: Browser;
  readonly #wires: Wire[] = [];

  private constructor(browser: Browser) {
    this.#browser = browser;
  }

  static async open(): Promise<Theatre> {
    return new Theatre(await chromium.launch({
      executablePath: EXECUTABLE,
      args: [
        '--no-sandbox', '--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream', '--disable-background-networking',
        '--disable-quic', '--no-first-run', '--auto-select-desktop-capture-source=Entire screen',
      ],
    }));
  }

  /** A person in a context of their own: other storage, other tab, and their own wire to the node. */
  async enter(name: string, options: BrowserContextOptions = {}): Promise<Actor> {
    const actor = await this.stranger(options);
    await actor.page.getByPlaceholder('or type your name').fill(name);
    await actor.page.getByRole('button', { name: 'Enter' }).click();
    await actor.connected();
    return actor;
  }

  /** Somebody before the welcome page. */
  async stranger(options: BrowserContextOptions = {}): Promise<Actor> {
    const wire = await Wire.to(new URL(NODE_URL!));
    this.#wires.push(wire);
    const context = await this.#browser.newContext({
      viewport: { width: 1360, height: 820 }, permissions: ['camera', 'microphone'], ...options });
    context.setDefaultTimeout(TIMEOUT_MS);
    // What the page was given by camera and microphone is kept, to see that every bit of it was given back.
    await context.addInitScript(() => {
      const given: MediaStreamTrack[] = [];
      Object.assign(globalThis, { givenTracks: given });
      const devices = navigator.mediaDevices;
      for (const name of ['getUserMedia', 'getDisplayMedia'] as const) {
        const ask = devices[name].bind(devices);
        devices[name] = async (constraints) => {
          const stream = await ask(constraints);
          given.push(...stream.getTracks());
          return stream;
        };
      }
    });
    const page = await context.newPage();
    const actor = new Actor(page, wire);
    await page.goto(`${wire.origin}/demo/`);
    return actor;
  }

  /** Any other page, in a context of its own. */
  async visit(url: string): Promise<Page> {
    const context = await this.#browser.newContext({ permissions: ['camera', 'microphone'] });
    context.setDefaultTimeout(TIMEOUT_MS);
    const page = await context.newPage();
    await page.goto(url);
    return page;
  }

  async close(): Promise<void> {
    await this.#browser.close();
    for (const wire of this.#wires) wire.close();
  }
}

/** One tab of one person. */
export class Actor {
  /** What the page complained about; cut wires are not counted. */
  readonly complaints: string[] = [];

  constructor(readonly page: Page, readonly wire: Wire) {
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('console', (message) => {
      if (/content security policy|carillon demo:/i.test(message.text())) this.complaints.push(message.text());
    });
    page.on('request', (request) => {
      const { protocol, origin } = new URL(request.url());
      if (protocol.startsWith('http') && origin !== wire.origin) this.complaints.push(`a request to ${origin}`);
    });
  }

  async connected(): Promise<void> {
    await this.page.getByRole('status').getByText('Connected', { exact: true }).waitFor();
  }

  /** Calls by the list of people. */
  async call(name: string, how: 'sound' | 'video'): Promise<void> {
    await this.page.locator('.people').getByRole('button', { name: `Call ${name} with ${how}` }).click();
  }

  get dialog() {
    return this.page.getByRole('dialog');
  }

  async rings(from: string): Promise<void> {
    await this.dialog.getByRole('heading', { name: from }).waitFor();
  }

  async quiet(): Promise<void> {
    await this.dialog.waitFor({ state: 'detached' });
  }

  async accept(): Promise<void> {
    await this.dialog.getByRole('button', { name: 'Accept' }).click();
  }

  press(button: string): Promise<void> {
    return this.page.getByLabel('Call controls').getByRole('button', { name: button, exact: true }).click();
  }

  /** Waits for words anywhere on the stage. */
  async stage(text: string | RegExp): Promise<void> {
    await this.page.locator('.stage').getByText(text).first().waitFor();
  }

  /** Waits until new frames of the other side's picture are drawn. */
  async seesVideo(): Promise<void> {
    await this.page.locator('.stage.picture').waitFor();
    const seen = await this.frames();
    await this.page.waitForFunction((before) => {
      const video = document.querySelector<HTMLVideoElement>('video.remote');
      return video !== null && video.videoWidth > 0 && video.getVideoPlaybackQuality().totalVideoFrames > before + 5;
    }, seen);
  }

  frames(): Promise<number> {
    return this.page.evaluate(() =>
      document.querySelector<HTMLVideoElement>('video.remote')?.getVideoPlaybackQuality().totalVideoFrames ?? 0);
  }

  /** Waits until no camera, microphone or screen is held by the page any more. */
  async released(): Promise<void> {
    await this.page.waitForFunction(() => {
      const given = (globalThis as unknown as { givenTracks: MediaStreamTrack[] }).givenTracks;
      return given.length > 0 && given.every((track) => track.readyState === 'ended');
    });
  }

  async shot(name: string): Promise<void> {
    if (SHOTS === undefined) return;
    mkdirSync(SHOTS, { recursive: true });
    await this.page.screenshot({ path: join(SHOTS, `${name}.png`) });
  }

  /** Fails if the page complained about anything so far. */
  content(): void {
    assert.deepEqual(this.complaints, []);
  }
}

/** A name nobody had in an earlier run: a node remembers its users and their calls. */
let counted = 0;
const run = Date.now().toString(36);
export const someone = (name: string): string => `${name} ${run}${(counted++).toString(36)}`;
