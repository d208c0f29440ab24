import { CarillonClient, Emitter, type Call, type HistoryItem } from 'carillon-client';
import { CallMedia } from 'carillon-client/media';
import { outcome, refusal, ringStop } from './format.js';
import { over } from './sound.js';

export interface Person { user_id: string; name: string }
export interface Presence extends Person { online: boolean }
export interface FrameEntry { id: number; at: Date; direction: 'in' | 'out'; frame: { type: string; [field: string]: unknown } }
export interface Notice { id: number; text: string; kind: 'plain' | 'bad' }
/** A call this page takes part in, and its sound and picture. */
export interface Line { call: Call; media: CallMedia }
/** A call that is over, kept on the stage until somebody does something else. */
export interface Farewell { call: Call; text: string; video: boolean }

const MAX_FRAMES = 400;
const NOTICE_MS = 6_000;
const PEOPLE_EVERY_MS = 4_000;

/** Everything the page shows, for one person in one tab. What is drawn is read from here; `change` says when. */
export class Desk extends Emitter<{ change: [] }> {
  readonly me: Person;
  readonly client: CarillonClient;
  line: Line | undefined;
  /** The name of the person being called, while the server has not answered yet. */
  dialing: { name: string; video: boolean } | undefined;
  farewell: Farewell | undefined;
  people: Presence[] = [];
  peopleKnown = false;
  history: HistoryItem[] = [];
  historyCursor: string | undefined;
  notices: Notice[] = [];
  /** Newest last. */
  frames: FrameEntry[] = [];
  framesPaused = false;
  #nextId = 1;
  #peopleTimer: ReturnType<typeof setInterval> | undefined;
  #drawing = false;

  constructor(me: Person, client: CarillonClient) {
    super();
    this.me = me;
    this.client = client;
    client.on('frame', (direction, frame) => this.#record(direction, frame as FrameEntry['frame']));
    client.on('connection', ({ state }) => {
      if (state === 'connected') {
        void this.loadPeople();
        void this.loadHistory();
      }
      this.changed();
    });
    client.on('change', () => this.changed());
    client.on('call', (call) => this.#follow(call));
    // Listening is what makes this device one that rings.
    client.on('incoming', () => this.changed());
    client.on('ended', () => void this.loadHistory());
    client.on('problem', (problem) => this.notify(problem.detail ?? problem.code, 'bad'));
  }

  /** Connects and begins to look who is here. */
  open(): void {
    this.client.connect();
    this.#peopleTimer = setInterval(() => {
      if (document.visibilityState === 'visible' && this.client.connectionState === 'connected') void this.loadPeople();
    }, PEOPLE_EVERY_MS);
  }

  close(): void {
    clearInterval(this.#peopleTimer);
    this.line?.media.close();
    this.client.close();
  }

  /** The call this tab should ring for. */
  get ringing(): Call | undefined {
    return this.client.incoming[0];
  }

  async dial(userId: string, name: string, video: boolean): Promise<void> {
    if (this.line || this.dialing) return;
    this.farewell = undefined;
    this.dialing = { name, video };
    this.changed();
    try {
      const call = await this.client.call(userId, { video });
      this.dialing = undefined;
      if (call.isOver) this.#sayFarewell(call, video);
      else this.#takeLine(call, video);
    } catch (error) {
      this.dialing = undefined;
      this.notify(refusal(error), 'bad');
    }
    this.changed();
  }

  /** Takes a ringing call; one that is going on is ended for it. */
  async accept(call: Call, video: boolean): Promise<void> {
    const previous = this.line;
    if (previous) {
      this.line = undefined;
      previous.media.close();
      await previous.call.end().catch(() => undefined);
    }
    this.farewell = undefined;
    // The devices are asked for while the server decides: the question to the person takes longer than the answer.
    const line = this.#takeLine(call, video);
    try {
      await call.accept();
    } catch (error) {
      line.media.close();
      if (this.line === line) this.line = undefined;
      // When the ring was stopped or the call ended, the page has said so already.
      if (!call.isFinished && !call.ringStopped) this.notify(refusal(error), 'bad');
    }
    this.changed();
  }

  async decline(call: Call): Promise<void> {
    await call.reject().catch((error: unknown) => {
      if (!call.isFinished) this.notify(refusal(error), 'bad');
    });
    this.changed();
  }

  async hangUp(): Promise<void> {
    const line = this.line;
    if (!line) return;
    // The devices go off at once, whatever the network does to the command.
    line.media.close();
    await line.call.end().catch((error: unknown) => {
      if (!line.call.isOver) this.notify(refusal(error), 'bad');
    });
    if (this.line === line) this.line = undefined;
    this.changed();
  }

  async loadPeople(): Promise<void> {
    try {
      const { users } = await this.client.request<{ users: Presence[] }>('GET', '/api/v1/dev/users');
      this.people = users
        .map((user) => ({ ...user, user_id: String(user.user_id), name: user.name ?? String(user.user_id) }))
        .filter((user) => user.user_id !== this.me.user_id)
        .sort((a, b) => Number(b.online) - Number(a.online) || a.name.localeCompare(b.name));
    } catch {
      // Who is here is a convenience; a name can be typed all the same.
    }
    this.peopleKnown = true;
    this.changed();
  }

  async loadHistory(more = false): Promise<void> {
    try {
      const cursor = more ? this.historyCursor : undefined;
      const page = await this.client.history({ limit: 20, ...(cursor === undefined ? {} : { cursor }) });
      this.history = more ? [...this.history, ...page.calls] : page.calls;
      this.historyCursor = page.nextCursor;
    } catch {
      // It is loaded again after the next call and the next connection.
    }
    this.changed();
  }

  notify(text: string, kind: Notice['kind'] = 'plain'): void {
    const notice = { id: this.#nextId++, text, kind };
    this.notices = [...this.notices.slice(-2), notice];
    setTimeout(() => this.dismiss(notice.id), NOTICE_MS);
    this.changed();
  }

  dismiss(id: number): void {
    this.notices = this.notices.filter((notice) => notice.id !== id);
    this.changed();
  }

  clearFrames(): void {
    this.frames = [];
    this.changed();
  }

  pauseFrames(paused: boolean): void {
    this.framesPaused = paused;
    this.changed();
  }

  /** Draws once for all that changes in one turn. */
  changed(): void {
    if (this.#drawing) return;
    this.#drawing = true;
    queueMicrotask(() => {
      this.#drawing = false;
      this.emit('change');
    });
  }

  #follow(call: Call): void {
    call.on('ring_stopped', (reason) => {
      const text = ringStop(reason);
      if (text) this.notify(`${text}: ${call.peer.name}`);
    });
    // A reload in the middle of a call: the call is still ours, its media has to be set up again.
    if (call.resumed && !this.line) this.#takeLine(call, call.type === 'video');
  }

  #takeLine(call: Call, video: boolean): Line {
    const media = new CallMedia(this.client, call, { video });
    const line = { call, media };
    this.line = line;
    media.on('change', () => this.changed());
    media.on('error', (error) => this.#explain(error));
    call.on('ended', () => {
      if (this.line !== line && this.line !== undefined) return;
      over();
      this.#sayFarewell(call, video);
    });
    call.on('finished', () => {
      if (this.line === line) this.line = undefined;
      this.changed();
    });
    void media.start();
    this.changed();
    return line;
  }

  #sayFarewell(call: Call, video: boolean): void {
    this.farewell = { call, text: outcome(call.data), video };
    this.changed();
  }

  #explain(error: unknown): void {
    const name = error instanceof DOMException ? error.name : '';
    if (name === 'NotAllowedError') this.notify('The browser was not allowed to use the microphone or camera.', 'bad');
    else if (name === 'NotFoundError') this.notify('No microphone or camera was found.', 'bad');
    else if (name === 'NotReadableError') this.notify('Another program holds the microphone or camera.', 'bad');
    else if (name === 'NotSupportedError') this.notify('Camera and microphone work only on localhost or over https.', 'bad');
    else console.warn('carillon demo:', error);
  }

  #record(direction: 'in' | 'out', frame: FrameEntry['frame']): void {
    if (this.framesPaused) return;
    this.frames = [...this.frames.slice(-(MAX_FRAMES - 1)), { id: this.#nextId++, at: new Date(), direction, frame }];
    this.changed();
  }
}
