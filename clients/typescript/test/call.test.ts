import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import type { Call, CarillonClient, CarillonError, Ending } from 'carillon-client';
import { Peer, type PeerSocket } from './peer.js';
import { clientOf, event, HandClock, inState, refusal, reply, ringing, told } from './support.js';

let peer: Peer;
let client: CarillonClient;
let socket: PeerSocket;
let clock: HandClock;

beforeEach(async () => {
  peer = await Peer.start();
  clock = new HandClock();
  client = clientOf(peer, { clock });
  client.connect();
  socket = await peer.socket();
  await socket.welcome();
  await inState(client, 'connected');
});
afterEach(() => {
  client.close();
  peer.stop();
});

/** A call that rings here. */
async function incoming(more = {}): Promise<Call> {
  const [[call]] = await Promise.all([
    told(client, 'incoming'),
    Promise.resolve(socket.send(event('call_started', ringing(more), { remaining_ms: 30_000 }))),
  ]);
  return call;
}

async function read(): Promise<void> {
  socket.send({ type: 'ping' });
  await socket.next('ping');
}

const accepted = (device = 'laptop') => ringing({
  state: 'accepted', call_seq: 3, answered_at: '2030-01-01T00:00:05.000Z',
  participants: [
    { user_id: 'bob', name: 'Bob', state: 'joined', statuses: [] },
    { user_id: 'alice', name: 'Alice', state: 'accepted', statuses: [], device_id: device },
  ],
});

test('an incoming call rings, is acknowledged and counts down', async () => {
  const call = await incoming();
  assert.deepEqual([call.peer.name, call.type, call.isRinging, call.here], ['Bob', 'video', true, false]);
  const acknowledgement = await socket.next('call.acknowledge');
  assert.deepEqual([acknowledgement['call_id'], acknowledgement['status']], ['call-1', 'ringing']);
  clock.advance(10_000);
  assert.equal(call.remainingMs, 20_000);
});

test('a call nobody listens for is not said to ring, until somebody does', async () => {
  socket.send(event('call_started', ringing()));
  await read();
  assert.equal(socket.frames.some(({ type }) => type === 'call.acknowledge'), false);
  const [call] = client.incoming;
  call!.acknowledge();
  call!.acknowledge();
  await socket.next('call.acknowledge');
  await read();
  assert.equal(socket.frames.filter(({ type }) => type === 'call.acknowledge').length, 1);
});

test('accepting takes the call on this device, and the event that follows changes nothing', async () => {
  const call = await incoming();
  const heard: string[] = [];
  call.on('accepted', () => heard.push(`accepted here=${call.here}`));
  const accepting = call.accept();
  socket.send(reply(await socket.next('call.accept'), { call: accepted() }));
  await accepting;
  socket.send(event('call_accepted', accepted(), { actor: { user_id: 'alice', device_id: 'laptop' } }));
  await read();
  assert.deepEqual(heard, ['accepted here=true']);
  assert.equal(call.remainingMs, undefined);
  clock.advance(60_000);
  assert.ok(call.talkMs >= 60_000);
});

test('the ring stops when another device of the same user answers, and that is the end here', async () => {
  const call = await incoming();
  const heard: string[] = [];
  call.on('ring_stopped', (reason) => heard.push(reason));
  call.on('ended', () => heard.push('ended'));
  call.on('finished', () => heard.push('finished'));
  socket.send(event('ring_stopped', { ...accepted('phone') }, { reason: 'answered_elsewhere' }));
  await read();
  assert.deepEqual(heard, ['answered_elsewhere', 'finished']);
  assert.deepEqual([call.isRinging, client.incoming.length], [false, 0]);
});

test('the loser of a race to accept learns it from the refusal', async () => {
  const call = await incoming();
  const accepting = call.accept();
  socket.send(refusal(await socket.next('call.accept'), 'answered_elsewhere', 409, { call: accepted('phone') }));
  await assert.rejects(accepting, (error: CarillonError) => error.code === 'answered_elsewhere' && error.call !== undefined);
  assert.deepEqual([call.state, call.here, call.isRinging, call.ringStopped], ['accepted', false, false, 'answered_elsewhere']);
});

test('an end told by the refusal and again by the event is one end', async () => {
  const call = await incoming();
  const endings: Ending[] = [];
  call.on('ended', (ending) => endings.push(ending));
  const over = ringing({ state: 'cancelled', reason: 'cancelled', call_seq: 4 });
  const accepting = call.accept();
  socket.send(refusal(await socket.next('call.accept'), 'call_ended', 409, { call: over }));
  await assert.rejects(accepting, { code: 'call_ended' });
  socket.send(event('call_ended', over));
  await read();
  assert.deepEqual(endings, [{ state: 'cancelled', reason: 'cancelled', duration: 0 }]);
  assert.equal(client.calls.length, 0);
});

test('a phone without a network stops ringing by itself when the time is over', async () => {
  const call = await incoming();
  const stopped = told(call, 'ring_stopped');
  socket.cut();
  await inState(client, 'disconnected');
  clock.advance(32_499);
  assert.equal(call.isRinging, true);
  clock.advance(1);
  assert.deepEqual(await stopped, ['expired']);
  assert.equal(call.isFinished, false, 'how it ended is still to be told');
});

test('an older view does not undo a newer one', async () => {
  const call = await incoming();
  socket.send(event('call_accepted', accepted('phone')), event('participant_ringing', ringing({ state: 'ringing', call_seq: 2 })));
  await read();
  assert.equal(call.state, 'accepted');
});

test('an outgoing call rings, is accepted, and ends with its duration', async () => {
  const heard: string[] = [];
  const out = { is_outgoing: true, sender_id: 'alice', receiver_id: 'bob', receiver_name: 'Bob' };
  const calling = client.call('bob');
  socket.send(reply(await socket.next('call.initiate'), { call: ringing(out) }));
  const call = await calling;
  call.on('ringing', () => heard.push('ringing'));
  call.on('accepted', () => heard.push('accepted'));
  call.on('connected', () => heard.push('connected'));
  call.on('ended', ({ reason, duration }) => heard.push(`ended ${reason} ${duration}`));
  call.on('finished', () => heard.push('finished'));
  assert.deepEqual([call.here, call.isRinging, call.peer.name], [true, false, 'Bob']);
  const at = (state: 'ringing' | 'accepted' | 'ended', call_seq: number, more = {}) => ringing({ ...out, state, call_seq, ...more });
  socket.send(
    event('participant_ringing', at('ringing', 2)),
    event('call_accepted', at('accepted', 3)),
    event('call_status_update', at('accepted', 4, { connected_at: '2030-01-01T00:00:09.000Z' })),
    event('call_ended', at('ended', 5, { reason: 'hangup', duration: 12.5 })));
  await read();
  assert.deepEqual(heard, ['ringing', 'accepted', 'connected', 'ended hangup 12.5', 'finished']);
});

test('end() does what fits: cancel, reject or end', async () => {
  const out = { is_outgoing: true, sender_id: 'alice', receiver_id: 'bob' };
  const calling = client.call('bob');
  socket.send(reply(await socket.next('call.initiate'), { call: ringing(out) }));
  const call = await calling;
  const cancelling = call.end();
  socket.send(reply(await socket.next('call.cancel'), { call: ringing({ ...out, state: 'cancelled', call_seq: 2 }) }));
  await cancelling;
  await call.end();

  const rings = await incoming({ call_id: 'call-2' });
  const rejecting = rings.end();
  const reject = await socket.next('call.reject');
  assert.equal(reject['reason'], 'declined');
  socket.send(reply(reject, { call: ringing({ call_id: 'call-2', state: 'rejected', reason: 'declined', call_seq: 3 }) }));
  await rejecting;
  assert.equal(rings.isOver, true);
});

test('a call in which this device already took part comes back with the page', async () => {
  const other = clientOf(peer, { deviceId: 'tablet' });
  other.connect();
  const second = await peer.socket();
  await second.welcome({ calls: [accepted('tablet')] });
  await inState(other, 'connected');
  const [call] = other.calls;
  assert.deepEqual([call!.here, call!.resumed], [true, true]);
  other.close();
});

test('events without a call object still tell the story', async () => {
  const bare = (type: string, call_seq: number, more: Record<string, unknown>) => ({
    type: 'call_event', event_type: type, event_id: `b:${call_seq}`, call_id: 'b', call_seq, cursor: `x${call_seq}`, ...more,
  });
  const [[call]] = await Promise.all([
    told(client, 'incoming'),
    Promise.resolve(socket.send(bare('call_started', 1, {
      call_type: 'audio', sender_id: 'bob', sender_name: 'Bob', receiver_id: 'alice', state: 'calling', remaining_ms: 20_000,
    }))),
  ]);
  assert.deepEqual([call.type, call.peer.name, call.remainingMs], ['audio', 'Bob', 20_000]);
  const ending = told(call, 'ended');
  socket.send(bare('call_ended', 2, { state: 'missed', reason: 'no_answer', duration: 0 }));
  assert.deepEqual(await ending, [{ state: 'missed', reason: 'no_answer', duration: 0 }]);
});

test('signals wait for whoever listens, and keep their order', async () => {
  const call = await incoming();
  socket.send(
    { type: 'call.offer', call_id: 'call-1', offer: { type: 'offer', sdp: 'v=0' }, from_user: 'bob' },
    { type: 'call.candidate', call_id: 'call-1', candidates: [{ candidate: 'a' }] });
  await read();
  const heard: string[] = [];
  call.on('candidates', ([candidate]) => heard.push(candidate!.candidate));
  call.on('offer', ({ type }) => heard.push(type));
  socket.send({ type: 'call.candidate', call_id: 'call-1', candidates: [{ candidate: 'b' }] });
  await read();
  assert.deepEqual(heard, ['offer', 'a', 'b']);
});

test('requests carry the credential and a key, ask for a new token once, and wait out a busy server', async () => {
  const seen: string[] = [];
  const reasons: string[] = [];
  const asking = clientOf(peer, { token: (reason) => (reasons.push(reason), `t${reasons.length}`) });
  const keys = new Set<unknown>();
  peer.answer = (request, body, response) => {
    seen.push(`${request.method} ${request.url} ${request.headers.authorization} ${body}`);
    keys.add(request.headers['idempotency-key']);
    if (seen.length === 1) response.writeHead(401).end('{"status":401,"code":"token_expired"}');
    else if (seen.length === 2) response.writeHead(503, { 'retry-after': '0' }).end('busy');
    else response.writeHead(200).end('{"result":"success","answer":42}');
  };
  assert.deepEqual(await asking.request('POST', '/api/v1/calls/end-all', {}), { result: 'success', answer: 42 });
  assert.deepEqual(seen, ['t1', 't2', 't3'].map((token) => `POST /api/v1/calls/end-all Bearer ${token} {}`));
  assert.deepEqual(reasons, ['connect', 'refused', 'refused']);
  assert.equal(keys.size, 1);
});

test('history asks for what was wanted', async () => {
  let path = '';
  peer.answer = (request, _body, response) => {
    path = request.url ?? '';
    response.writeHead(200).end(JSON.stringify({ calls: [{ ...ringing(), user_id: 7, user_name: 'Bob' }], next_cursor: 'n' }));
  };
  const { calls, nextCursor } = await client.history({ limit: 20, peer: 'bob', callType: 'video' });
  assert.equal(path, '/api/v1/calls/history?limit=20&call_type=video&peer=bob');
  assert.deepEqual([calls[0]?.user_id, nextCursor], ['7', 'n']);
});
