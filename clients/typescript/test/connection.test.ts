import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import type { CarillonClient, CarillonError, ConnectionChange, UnknownFrame } from 'carillon-client';
import { Peer, type Frame, type PeerSocket } from './peer.js';
import { clientOf, event, HandClock, inState, refusal, reply, ringing, told } from './support.js';

let peer: Peer;
const clients: CarillonClient[] = [];
const make = (options: Parameters<typeof clientOf>[1] = {}): CarillonClient => {
  const client = clientOf(peer, options);
  clients.push(client);
  return client;
};
/** A connected client and its socket. */
async function connected(options: Parameters<typeof clientOf>[1] = {}, ack: Record<string, unknown> = {}):
    Promise<{ client: CarillonClient; socket: PeerSocket }> {
  const client = make(options);
  client.connect();
  const socket = await peer.socket();
  await socket.welcome(ack);
  await inState(client, 'connected');
  return { client, socket };
}
/** Resolves when everything the server sent so far has been read: the client answers a ping after that. */
async function read(socket: PeerSocket): Promise<void> {
  socket.send({ type: 'ping' });
  await socket.next('ping');
}

beforeEach(async () => {
  peer = await Peer.start();
});
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
  peer.stop();
});

test('says hello with its token in a frame, offers the sub-protocol and is connected', async () => {
  const client = make();
  const states: string[] = [];
  client.on('connection', ({ state }) => states.push(state));
  client.connect();
  client.connect();
  const socket = await peer.socket();
  const hello = await socket.welcome();
  await inState(client, 'connected');
  assert.deepEqual(hello, { type: 'hello', token: 'secret', device_id: 'laptop', platform: 'web' });
  assert.deepEqual(states, ['connecting', 'connected']);
  assert.equal(client.userId, 'alice');
  assert.equal(peer.socketCount, 1, 'connecting twice opens one socket');
});

test('the token is not shown to those who watch the frames', async () => {
  const client = make();
  const seen: string[] = [];
  client.on('frame', (_direction, frame) => seen.push(JSON.stringify(frame)));
  client.connect();
  await (await peer.socket()).welcome();
  await inState(client, 'connected');
  assert.equal(seen.length, 2);
  assert.ok(!seen.join().includes('secret'));
});

test('resumes with the cursor of the last event, and nothing is shown before catchup.done', async () => {
  const { client, socket } = await connected();
  const incoming: string[] = [];
  client.on('incoming', (call) => incoming.push(call.id));
  socket.send({ ...event('call_started', ringing({ call_id: 'old' })), cursor: 'c7' });
  await socket.next('call.acknowledge');
  socket.cut();
  const again = await peer.socket();
  const hello = await again.welcome({ calls: [ringing({ call_id: 'old' }), ringing({ call_id: 'new' })] });
  assert.equal(hello['cursor'], 'c7');
  again.send({ ...event('call_started', ringing({ call_id: 'new' })), cursor: 'c8', catchup: true });
  await read(again);
  assert.deepEqual(incoming, ['old'], 'still catching up');
  assert.equal(client.connectionState, 'connecting');
  again.send({ type: 'catchup.done', cursor: 'c9' });
  await inState(client, 'connected');
  assert.deepEqual(incoming, ['old', 'new']);
  assert.equal(client.cursor, 'c9');
});

test('a call that began and ended while the client was away never rings', async () => {
  const { client, socket } = await connected();
  const told: string[] = [];
  client.on('incoming', (call) => told.push(`incoming ${call.id}`));
  client.on('ended', (call) => told.push(`ended ${call.id} ${call.reason}`));
  socket.cut();
  const again = await peer.socket();
  await again.welcome();
  const call = ringing();
  again.send(
    { ...event('call_started', call), catchup: true },
    { ...event('call_ended', { ...call, state: 'cancelled', reason: 'cancelled', call_seq: 4 }), catchup: true },
    { type: 'catchup.done', cursor: 'c4' });
  await inState(client, 'connected');
  assert.deepEqual(told, ['ended call-1 cancelled']);
});

test('a ring answered on another device while the client was away never rings', async () => {
  const { client, socket } = await connected();
  const rang: string[] = [];
  client.on('incoming', (call) => rang.push(call.id));
  socket.cut();
  const again = await peer.socket();
  const call = ringing();
  await again.welcome({ calls: [{ ...call, state: 'accepted', call_seq: 3 }] });
  again.send(
    { ...event('call_started', call), catchup: true },
    { ...event('ring_stopped', { ...call, state: 'accepted', call_seq: 3 }), reason: 'answered_elsewhere', catchup: true },
    { type: 'catchup.done', cursor: 'c3' });
  await inState(client, 'connected');
  assert.deepEqual(rang, []);
  assert.deepEqual(client.calls, []);
  assert.equal(client.find('call-1')?.ringStopped, 'answered_elsewhere');
});

test('catching up that breaks off is asked for again from where it began', async () => {
  const { client, socket } = await connected();
  const rang: string[] = [];
  client.on('incoming', (call) => rang.push(call.id));
  socket.cut();
  const half = await peer.socket();
  assert.equal((await half.welcome())['cursor'], 'c0');
  half.send({ ...event('call_started', ringing()), cursor: 'c1', catchup: true });
  await read(half);
  half.cut();
  const whole = await peer.socket();
  assert.equal((await whole.welcome({ calls: [ringing()] }))['cursor'], 'c0');
  whole.send({ ...event('call_started', ringing()), cursor: 'c1', catchup: true }, { type: 'catchup.done', cursor: 'c1' });
  await inState(client, 'connected');
  assert.deepEqual(rang, ['call-1']);
});

test('an event that comes twice is told once', async () => {
  const { client, socket } = await connected();
  const events: string[] = [];
  client.on('event', (seen) => events.push(seen.event_id));
  const started = event('call_started', ringing());
  socket.send(started, started);
  await read(socket);
  socket.cut();
  const again = await peer.socket();
  await again.welcome({ calls: [ringing()] });
  again.send({ ...started, catchup: true }, { type: 'catchup.done', cursor: 'c1' });
  await inState(client, 'connected');
  assert.deepEqual(events, ['call-1:1']);
});

test('resync replaces what was known', async () => {
  const { client, socket } = await connected({}, { calls: [ringing({ call_id: 'gone' }), ringing({ call_id: 'stays' })] });
  assert.deepEqual(client.calls.map((call) => call.id), ['gone', 'stays']);
  const ended: string[] = [];
  client.on('ended', (call) => ended.push(call.id));
  socket.cut();
  const again = await peer.socket();
  await again.welcome({ recovered: false });
  again.send({ type: 'resync', calls: [ringing({ call_id: 'stays' }), ringing({ call_id: 'fresh' })], cursor: 'c50' });
  await inState(client, 'connected');
  assert.deepEqual(client.calls.map((call) => call.id), ['stays', 'fresh']);
  assert.deepEqual(ended, ['gone']);
  assert.equal(client.cursor, 'c50');
});

test('the server hears how far the client has read', async () => {
  const clock = new HandClock();
  const { socket } = await connected({ clock });
  socket.send({ ...event('call_started', ringing()), cursor: 'c1' }, { ...event('participant_ringing',
    ringing({ state: 'ringing', call_seq: 2 })), cursor: 'c2' });
  await read(socket);
  clock.advance(1_000);
  assert.deepEqual(await socket.next('ack'), { type: 'ack', cursor: 'c2' });
});

test('unknown frames and events are handed on', async () => {
  const { client, socket } = await connected();
  const unknown: UnknownFrame[] = [];
  client.on('unknown', (frame) => unknown.push(frame));
  socket.raw('not json');
  socket.raw('[1]');
  socket.send({ type: 'weather', warm: true }, { type: 'call_event', event_type: 'call_sung', event_id: 'x:1', call_id: 'x' });
  await read(socket);
  assert.deepEqual(unknown.map(({ type }) => type), ['weather', 'call_event']);
});

test('a command without a reply is sent again after a reconnect, with the same key and once', async () => {
  const { client, socket } = await connected();
  const calling = client.call('bob', { video: true });
  const first = await socket.next('call.initiate');
  assert.deepEqual([first['receiver_id'], first['call_type']], ['bob', 'video']);
  socket.cut();
  const again = await peer.socket();
  await again.welcome();
  again.send({ type: 'catchup.done', cursor: 'c0' });
  const second = await again.next('call.initiate');
  assert.deepEqual(second, first, 'the same frame, the same id, the same idempotency key');
  assert.match(String(first['idempotency_key']), /^[0-9a-f]{32}$/);
  again.send(reply(second, { call: ringing({ is_outgoing: true, sender_id: 'alice', receiver_id: 'bob' }) }));
  const call = await calling;
  assert.equal(call.here, true);
  await read(again);
  assert.equal(again.frames.filter(({ type }) => type === 'call.initiate').length, 1);
});

test('a command given while there is no connection waits for one', async () => {
  const client = make();
  client.connect();
  const calling = client.call('bob');
  const socket = await peer.socket();
  await socket.welcome();
  const command = await socket.next('call.initiate');
  socket.send(refusal(command, 'callee_not_found', 404));
  await assert.rejects(calling, (error: CarillonError) => error.code === 'callee_not_found' && error.status === 404);
});

test('a command is given up when its time is over', async () => {
  const clock = new HandClock();
  const { client, socket } = await connected({ clock, commandTimeoutMs: 4_000 });
  const calling = client.call('bob');
  await socket.next('call.initiate');
  clock.advance(4_000);
  await assert.rejects(calling, { name: 'CarillonError', code: 'timeout', retryable: true });
});

test('"unavailable" and "rate_limited" are waited out', async () => {
  const clock = new HandClock();
  const { client, socket } = await connected({ clock });
  const calling = client.call('bob');
  const first = await socket.next('call.initiate');
  socket.send(refusal(first, 'unavailable', 503, { retryable: true, retry_after_ms: 2_000 }));
  await read(socket);
  clock.advance(1_999);
  await read(socket);
  assert.equal(socket.frames.filter(({ type }) => type === 'call.initiate').length, 1);
  clock.advance(1);
  const second = await socket.next('call.initiate');
  assert.equal(second['idempotency_key'], first['idempotency_key']);
  socket.send(reply(second, { call: ringing({ is_outgoing: true }) }));
  await calling;
});

test('two missed heartbeats are a dead socket', async () => {
  const clock = new HandClock();
  const { client, socket } = await connected({ clock }, { heartbeat_ms: 1_000 });
  clock.advance(900);
  await read(socket);
  clock.advance(2_200);
  assert.equal(client.connectionState, 'connected');
  const change = told(client, 'connection');
  clock.advance(100);
  assert.equal((await change)[0].reason, 'no_heartbeat');
  assert.equal(await socket.closed(), 4109);
  clock.advance(500);
  assert.equal((await (await peer.socket()).welcome())['cursor'], 'c0');
});

test('a page that slept asks before it gives the socket up', async () => {
  const clock = new HandClock();
  const { client, socket } = await connected({ clock }, { heartbeat_ms: 1_000 });
  await read(socket);
  clock.sleep(3_600_000);
  await socket.next('ping');
  clock.advance(4_900);
  socket.send({ type: 'pong' });
  await read(socket);
  clock.advance(100);
  assert.equal(client.connectionState, 'connected');
  assert.equal(peer.socketCount, 1);
});

for (const code of [4000, 4001, 4003, 4005]) {
  test(`after ${code} it does not come back`, async () => {
    const { client, socket } = await connected();
    const pending = client.call('bob');
    await socket.next('call.initiate');
    const change = told(client, 'connection');
    socket.send({ type: 'disconnect', code, reason: 'no', reconnect: true });
    const [{ state, code: told_ }] = await change;
    assert.deepEqual([state, told_], ['failed', code]);
    await assert.rejects(pending, { code: 'closed' });
    await assert.rejects(client.call('bob'), { code: 'closed' });
  });
}

test('a close code that forbids coming back is obeyed when its frame was lost', async () => {
  const { client, socket } = await connected();
  socket.close(4005, 'replaced');
  await inState(client, 'failed');
});

test('"reconnect": false is obeyed whatever the code, and connect() starts over', async () => {
  const { client, socket } = await connected();
  socket.send({ type: 'disconnect', code: 4999, reason: 'gone', reconnect: false });
  await inState(client, 'failed');
  client.connect();
  await (await peer.socket()).welcome();
});

test('waits as long as the server says', async () => {
  const clock = new HandClock();
  const { client, socket } = await connected({ clock });
  socket.send({ type: 'disconnect', code: 4200, reason: 'draining', reconnect: true, after_ms: 7_000 });
  await inState(client, 'disconnected');
  clock.advance(6_999);
  assert.equal(peer.socketCount, 1);
  clock.advance(1);
  await peer.socket();
});

test('a lost connection becomes "suspended" after a minute, and the network coming back ends the wait', async () => {
  const clock = new HandClock();
  const window = new EventTarget();
  const changes: ConnectionChange[] = [];
  let reachable = true;
  const client = make({
    clock, surroundings: { window },
    token: () => (reachable ? 'secret' : Promise.reject(new Error('no network'))),
  });
  client.connect();
  const socket = await peer.socket();
  await socket.welcome();
  await inState(client, 'connected');
  client.on('connection', (change) => changes.push(change));
  reachable = false;
  clock.advance(10_000);
  socket.cut();
  await inState(client, 'disconnected');
  while (client.connectionState !== 'suspended') {
    clock.advance(1_500);
    await told(client, 'connection');
    if (client.connectionState === 'connecting') await told(client, 'connection');
  }
  const waits = changes.filter(({ retryInMs }) => retryInMs !== undefined).map(({ retryInMs }) => retryInMs);
  assert.deepEqual(waits.slice(0, 4), [250, 500, 1_000, 1_500]);
  assert.ok(clock.now() >= 70_000, `suspended at ${clock.now()} ms`);
  reachable = true;
  window.dispatchEvent(new Event('online'));
  clock.advance(250);
  await (await peer.socket()).welcome();
});

test('a server that throws the client out at once is not asked ever faster', async () => {
  const clock = new HandClock();
  const client = make({ clock });
  const waits: (number | undefined)[] = [];
  client.on('connection', ({ retryInMs }) => retryInMs !== undefined && waits.push(retryInMs));
  client.connect();
  for (let round = 0; round < 4; round += 1) {
    const socket = await peer.socket();
    await socket.welcome(round === 0 ? {} : { recovered: false });
    if (round > 0) socket.send({ type: 'catchup.done', cursor: 'c0' });
    await inState(client, 'connected');
    socket.send({ type: 'disconnect', code: 4100, reason: 'overloaded', reconnect: true });
    await inState(client, 'disconnected');
    clock.advance(3_000);
  }
  assert.deepEqual(waits, [250, 500, 1_000, 1_500]);
});

test('a token about to expire is replaced on the living socket', async () => {
  const tokens = ['first', 'second'];
  const reasons: string[] = [];
  const { socket } = await connected({
    token: (reason) => {
      reasons.push(reason);
      return tokens.shift() ?? null;
    },
  });
  socket.send({ type: 'auth.expiring', expires_in_ms: 60_000 });
  assert.deepEqual(await socket.next('auth.refresh'), { type: 'auth.refresh', token: 'second' });
  assert.deepEqual(reasons, ['connect', 'expiring']);
});

test('an expired token is not offered again', async () => {
  const reasons: string[] = [];
  const { socket } = await connected({
    token: (reason) => {
      reasons.push(reason);
      return `token-${reasons.length}`;
    },
  });
  socket.send({ type: 'disconnect', code: 4202, reason: 'token_expired', reconnect: true });
  const hello: Frame = await (await peer.socket()).next('hello');
  assert.equal(hello['token'], 'token-2');
  assert.deepEqual(reasons, ['connect', 'refused']);
});

test('a client whose user signed out fails, and a closed one stays closed', async () => {
  const signedOut = make({ token: () => null });
  signedOut.connect();
  await inState(signedOut, 'failed');
  const { client, socket } = await connected();
  client.close();
  await socket.closed();
  assert.equal(client.connectionState, 'disconnected');
});
