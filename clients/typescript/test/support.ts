import { WebSocket } from 'ws';
import {
  CarillonClient, type Call, type CallEvents, type CallObject, type ClientEvents, type ClientOptions, type Clock, type ConnectionState,
  type SocketConstructor,
} from 'carillon-client';
import type { Frame, Peer } from './peer.js';

/** Time that passes when a test says so, and chance that is what a test says. */
export class HandClock implements Clock {
  #now = 0;
  #tasks = new Map<number, { at: number; task: () => void }>();
  #next = 1;
  chance = 0.5;

  now(): number { return this.#now; }
  random(): number { return this.chance; }
  after(ms: number, task: () => void): unknown {
    const handle = this.#next++;
    this.#tasks.set(handle, { at: this.#now + ms, task });
    return handle;
  }
  clear(handle: unknown): void { this.#tasks.delete(handle as number); }

  /** Lets `ms` pass, running what falls due on the way, in order. */
  advance(ms: number): void {
    const until = this.#now + ms;
    for (;;) {
      const due = [...this.#tasks].filter(([, { at }]) => at <= until).sort(([, a], [, b]) => a.at - b.at)[0];
      if (!due) break;
      this.#tasks.delete(due[0]);
      this.#now = Math.max(this.#now, due[1].at);
      due[1].task();
    }
    this.#now = until;
  }

  /** Lets `ms` pass while nothing runs, as on a machine that sleeps; then runs what fell due. */
  sleep(ms: number): void {
    this.#now += ms;
    this.advance(0);
  }
}

/** A clock that runs, but whose chance is none: every back-off is over at once. */
export const eager: Clock = {
  now: () => performance.now(),
  after: (ms, task) => setTimeout(task, ms),
  clear: (handle) => clearTimeout(handle as NodeJS.Timeout),
  random: () => 0,
};

export function clientOf(peer: Peer, options: Partial<ClientOptions> = {}): CarillonClient {
  return new CarillonClient({
    url: peer.url,
    token: () => 'secret',
    deviceId: 'laptop',
    webSocket: WebSocket as unknown as SocketConstructor,
    clock: eager,
    ...options,
  });
}

/** The next time `name` is told. */
export function told<K extends keyof ClientEvents>(client: CarillonClient, name: K): Promise<ClientEvents[K]>;
export function told<K extends keyof CallEvents>(call: Call, name: K): Promise<CallEvents[K]>;
export function told(emitter: { once(name: never, listener: (...args: unknown[]) => void): unknown }, name: string): Promise<unknown> {
  return new Promise((resolve) => emitter.once(name as never, (...args) => resolve(args)));
}

/** Waits until the connection is in a state. */
export async function inState(client: CarillonClient, state: ConnectionState): Promise<void> {
  while (client.connectionState !== state) await told(client, 'connection');
}

/** A call of bob to alice, ringing, as alice's device sees it. */
export function ringing(more: Partial<CallObject> = {}): CallObject {
  return {
    call_id: 'call-1', call_type: 'video', mode: 'direct', state: 'calling', sender_id: 'bob', sender_name: 'Bob',
    receiver_id: 'alice', receiver_name: 'Alice', is_outgoing: false, media_plane: 'p2p', created_at: '2030-01-01T00:00:00.000Z',
    duration: 0, remaining_ms: 30_000, call_seq: 1,
    participants: [
      { user_id: 'bob', name: 'Bob', role: 'caller', state: 'joined', statuses: [], device_id: 'phone' },
      { user_id: 'alice', name: 'Alice', role: 'callee', state: 'invited', statuses: [] },
    ],
    ...more,
  };
}

/** The event that carries a call. */
export function event(type: string, call: CallObject, more: Record<string, unknown> = {}): Frame {
  return {
    type: 'call_event', event_type: type, event_id: `${call.call_id}:${call.call_seq}`, call_id: call.call_id,
    call_seq: call.call_seq, cursor: `c${call.call_seq}`, call_type: call.call_type, sender_id: call.sender_id,
    receiver_id: call.receiver_id, state: call.state, ...(call.reason ? { reason: call.reason } : {}), call, ...more,
  };
}

/** The reply that accepts a command. */
export const reply = (command: Frame, more: Record<string, unknown> = {}): Frame =>
  ({ type: 'reply', id: command['id'], ok: true, ...more });

/** The reply that refuses a command. */
export const refusal = (command: Frame, code: string, status: number, more: Record<string, unknown> = {}): Frame =>
  ({ type: 'reply', id: command['id'], ok: false, error: { type: `/errors/${code}`, status, code, retryable: false, ...more } });
