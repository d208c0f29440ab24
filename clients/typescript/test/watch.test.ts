import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import type { CarillonClient, CarillonError } from 'carillon-client';
import { Peer, type Frame, type PeerSocket } from './peer.js';
import { clientOf, HandClock, inState, refusal, reply, ringing } from './support.js';

let peer: Peer;
const clients: CarillonClient[] = [];

beforeEach(async () => {
  peer = await Peer.start();
});
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
  peer.stop();
});

async function connected(options: Parameters<typeof clientOf>[1] = {}): Promise<{ client: CarillonClient; socket: PeerSocket }> {
  const client = clientOf(peer, options);
  clients.push(client);
  client.connect();
  const socket = await peer.socket();
  await socket.welcome();
  await inState(client, 'connected');
  return { client, socket };
}

/** Resolves when everything the server sent so far has been read. */
async function read(socket: PeerSocket): Promise<void> {
  socket.send({ type: 'ping' });
  await socket.next('ping');
}

const snapshot = (watch: unknown, more: Record<string, unknown> = {}): Frame =>
  ({ type: 'admin.snapshot', watch, recovered: false, calls: [], more: false, watch_cursor: 'w0', ...more });
const happened = (watch: unknown, seq: number, more: Record<string, unknown> = {}): Frame => {
  const call = ringing({ call_seq: seq, ...more });
  return {
    type: 'admin.event', watch, event: 'ring_started', call_id: call.call_id, call_seq: seq, watch_cursor: `w${seq}`,
    timestamp: '2030-01-01T00:00:00.000Z', actor: { type: 'user', user_id: 7 }, told: [{ user_id: 8, event_type: 'call_started' }], call,
  };
};

test('a watch tells how things stand, in one piece, and then what happens', async () => {
  const { client, socket } = await connected();
  const watch = client.watch();
  const told: string[] = [];
  watch.on('snapshot', (calls) => told.push(`snapshot ${calls.map((call) => call.call_id).join()}`));
  watch.on('event', (event) => told.push(`event ${event.event} ${event.call_seq} of ${event.told[0]?.user_id}`));
  watch.on('counters', (counters) => told.push(`counters ${counters.ringing}`));
  const frame = await socket.next('admin.watch');
  assert.deepEqual(frame, { type: 'admin.watch', id: watch.id });
  socket.send(
    reply(frame),
    snapshot(watch.id, { calls: [ringing({ call_id: 'a' })], more: true, watch_cursor: undefined }),
    snapshot(watch.id, { calls: [ringing({ call_id: 'b' })], truncated: true }),
    { type: 'admin.counters', watch: watch.id, calling: 1, ringing: 2, accepted: 0, connections: 3 },
    happened(watch.id, 2));
  await read(socket);
  assert.deepEqual(told, ['snapshot a,b', 'counters 2', 'event ring_started 2 of 8']);
  assert.deepEqual(watch.calls.map((call) => call.call_id), ['a', 'b', 'call-1']);
  assert.equal(watch.isTruncated, true);
  assert.equal(watch.counters?.connections, 3);
  assert.equal(watch.cursor, 'w2');
});

test('a call that is over leaves the list, and what the snapshot had already is not told again', async () => {
  const { client, socket } = await connected();
  const watch = client.watch({ userId: 'bob' });
  const told: number[] = [];
  watch.on('event', (event) => told.push(event.call_seq));
  const frame = await socket.next('admin.watch');
  assert.equal(frame['user_id'], 'bob');
  socket.send(
    reply(frame),
    snapshot(watch.id, { calls: [ringing({ call_seq: 3 })] }),
    happened(watch.id, 2),
    happened(watch.id, 3),
    happened(watch.id, 4),
    happened(watch.id, 5, { state: 'ended', reason: 'hangup' }),
    happened(watch.id, 5, { state: 'ended', reason: 'hangup' }));
  await read(socket);
  assert.deepEqual(told, [4, 5]);
  assert.deepEqual(watch.calls, []);
});

test('a watch goes on over a reconnect from where it was', async () => {
  const { client, socket } = await connected();
  const watch = client.watch({ callId: 'call-1' });
  const told: string[] = [];
  watch.on('snapshot', () => told.push('snapshot'));
  watch.on('event', (event) => told.push(String(event.call_seq)));
  const first = await socket.next('admin.watch');
  socket.send(reply(first), snapshot(watch.id, { calls: [ringing()] }), happened(watch.id, 2));
  await read(socket);
  socket.cut();
  const again = await peer.socket();
  await again.welcome();
  again.send({ type: 'catchup.done', cursor: 'c0' });
  const second = await again.next('admin.watch');
  assert.deepEqual(second, { type: 'admin.watch', id: watch.id, call_id: 'call-1', watch_cursor: 'w2' });
  again.send(reply(second), snapshot(watch.id, { recovered: true, watch_cursor: 'w2' }), happened(watch.id, 3));
  await read(again);
  assert.deepEqual(told, ['snapshot', '2', '3']);
  assert.equal(watch.calls.length, 1);
});

test('a snapshot that broke off is not mixed with the next one', async () => {
  const { client, socket } = await connected();
  const watch = client.watch();
  await socket.next('admin.watch');
  socket.send(snapshot(watch.id, { calls: [ringing({ call_id: 'stale' })], more: true, watch_cursor: undefined }));
  await read(socket);
  socket.cut();
  const again = await peer.socket();
  await again.welcome();
  again.send({ type: 'catchup.done', cursor: 'c0' });
  const frame = await again.next('admin.watch');
  assert.equal(frame['watch_cursor'], undefined);
  again.send(reply(frame), snapshot(watch.id, { calls: [ringing({ call_id: 'fresh' })] }));
  await read(again);
  assert.deepEqual(watch.calls.map((call) => call.call_id), ['fresh']);
});

test('a watch that is refused, or no longer allowed, says so and is over', async () => {
  const { client, socket } = await connected();
  const ends: string[] = [];
  const ended = (error: CarillonError): number => ends.push(error.code);
  const refused = client.watch();
  refused.on('ended', ended);
  socket.send(refusal(await socket.next('admin.watch'), 'forbidden', 403));
  await read(socket);
  const allowed = client.watch();
  allowed.on('ended', ended);
  socket.send(
    reply(await socket.next('admin.watch')),
    { type: 'admin.ended', watch: allowed.id, error: { status: 403, code: 'forbidden' } },
    happened(allowed.id, 2));
  await read(socket);
  const late = client.watch();
  late.on('ended', ended);
  client.close();
  assert.deepEqual(ends, ['forbidden', 'forbidden', 'closed']);
  assert.ok(refused.isOver && allowed.isOver && late.isOver);
  assert.deepEqual(allowed.calls, []);
});

test('a watch that cannot begin yet is asked for again', async () => {
  const clock = new HandClock();
  const { client, socket } = await connected({ clock });
  client.watch();
  const frame = await socket.next('admin.watch');
  socket.send(refusal(frame, 'unavailable', 503, { retryable: true, retry_after_ms: 700 }));
  await read(socket);
  clock.advance(699);
  await read(socket);
  assert.equal(socket.frames.filter((sent) => sent.type === 'admin.watch').length, 1);
  clock.advance(1);
  assert.deepEqual(await socket.next('admin.watch'), frame);
});

test('a watch that is stopped is told to the server and hears nothing more', async () => {
  const { client, socket } = await connected();
  const watch = client.watch();
  const told: string[] = [];
  watch.on('event', (event) => told.push(event.event));
  await socket.next('admin.watch');
  watch.stop();
  watch.stop();
  const frame = await socket.next('admin.unwatch');
  assert.equal(frame['watch'], watch.id);
  assert.notEqual(frame['id'], watch.id);
  socket.send(reply(frame), happened(watch.id, 2));
  await read(socket);
  assert.deepEqual(told, []);
  assert.equal(socket.frames.filter((sent) => sent.type === 'admin.unwatch').length, 1);
});

test('a watch begun without a connection begins with it', async () => {
  const client = clientOf(peer);
  clients.push(client);
  const watch = client.watch();
  client.connect();
  const socket = await peer.socket();
  await socket.welcome();
  assert.equal((await socket.next('admin.watch'))['id'], watch.id);
});
