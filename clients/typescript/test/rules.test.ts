import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backoffMs } from '#inside/backoff.js';
import { Countdown } from '#inside/countdown.js';
import { retryAfterMs } from '#inside/rest.js';
import { Seen } from '#inside/seen.js';
import { renewInMs } from '#inside/token.js';
import { readFrame } from '#inside/wire.js';
import { HandClock } from './support.js';

const ceiling = (attempt: number, lostForMs: number, callOpen: boolean): number =>
  backoffMs({ attempt, lostForMs, callOpen, random: 0.999_999_9 }) + 1;

test('the first try comes within half a second', () => {
  assert.equal(ceiling(0, 0, false), 500);
  assert.equal(backoffMs({ attempt: 0, lostForMs: 0, callOpen: false, random: 0 }), 0);
});

test('in the first minute no wait is longer than three seconds, after it thirty, with a call open still three', () => {
  assert.deepEqual([1, 2, 3, 9].map((attempt) => ceiling(attempt, 59_999, false)), [1_000, 2_000, 3_000, 3_000]);
  assert.deepEqual([3, 5, 6, 9_999].map((attempt) => ceiling(attempt, 60_000, false)), [4_000, 16_000, 30_000, 30_000]);
  assert.equal(ceiling(9, 3_600_000, true), 3_000);
});

test('the whole interval is random, not its upper half', () => {
  assert.equal(backoffMs({ attempt: 9, lostForMs: 90_000, callOpen: false, random: 0.1 }), 3_000);
});

test('a duplicate is known, and the memory for that is bounded', () => {
  const seen = new Seen(3);
  assert.deepEqual(['a', 'b', 'a', 'c', 'd'].map((id) => seen.first(id)), [true, true, false, true, true]);
  assert.equal(seen.size, 3);
  assert.equal(seen.first('a'), true, 'the oldest was forgotten');
  assert.equal(seen.first('d'), false);
});

test('a countdown starts at what is left, runs on the monotonic clock and stops at nothing', () => {
  const clock = new HandClock();
  clock.advance(5_000);
  const countdown = new Countdown(clock, 30_000);
  assert.equal(countdown.remainingMs, 30_000);
  clock.advance(12_000);
  assert.equal(countdown.remainingMs, 18_000);
  clock.advance(60_000);
  assert.equal(countdown.remainingMs, 0);
  assert.equal(new Countdown(clock, -5).remainingMs, 0);
});

const jwt = (claims: object): string => `h.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.s`;

test('a token is renewed a minute before its end, or at half of a short life, by the clock of the server', () => {
  const serverTime = 1_900_000_000_000;
  assert.equal(renewInMs(jwt({ exp: 1_900_000_600 }), serverTime), 540_000);
  assert.equal(renewInMs(jwt({ exp: 1_900_000_060 }), serverTime), 30_000);
  assert.equal(renewInMs(jwt({ exp: 1_899_999_999 }), serverTime), 0);
  assert.equal(renewInMs('opaque', serverTime), undefined);
  assert.equal(renewInMs('a.%%%.c', serverTime), undefined);
});

test('Retry-After is read as seconds or as a date', () => {
  assert.equal(retryAfterMs('2', 0), 2_000);
  assert.equal(retryAfterMs('Thu, 01 Jan 1970 00:00:09 GMT', 4_000), 5_000);
  assert.equal(retryAfterMs('soon', 0), undefined);
  assert.equal(retryAfterMs(null, 0), undefined);
});

test('numeric user ids become text and everything else stays', () => {
  const frame = readFrame(JSON.stringify({
    type: 'call_event', sender_id: 7, actor: { user_id: 8 }, context: { user_id: 9 },
    call: { call_id: 'x', sender_id: 7, receiver_id: 8, participants: [{ user_id: 8 }] },
  })) as unknown as { sender_id: unknown; actor: { user_id: unknown }; context: unknown; call: { participants: unknown[] } };
  assert.equal(frame.sender_id, '7');
  assert.equal(frame.actor.user_id, '8');
  assert.deepEqual(frame.context, { user_id: 9 });
  assert.deepEqual(frame.call.participants, [{ user_id: '8', statuses: [] }]);
});

test('what is no frame is nothing', () => {
  for (const text of ['', '{', '[]', '"x"', '{"type":1}', 'null']) assert.equal(readFrame(text), undefined, text);
});
