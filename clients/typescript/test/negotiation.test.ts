import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CarillonError, type Candidate, type Description } from 'carillon-client';
import { CANDIDATE_BATCH_MS, Negotiator, sessionOf, type Peer, type SignalPath } from '#inside/negotiation.js';
import { HandClock } from './support.js';

/**
 * The signalling state machine of a peer connection as WebRTC 1.0 has it, without a network: descriptions that fit are
 * taken, others throw. An SDP names its session and what it was made from.
 */
class StatePeer implements Peer {
  static #sessions = 0;
  readonly session = `s${++StatePeer.#sessions}`;
  signalingState: RTCSignalingState = 'stable';
  localDescription: RTCSessionDescriptionInit | null = null;
  remoteDescription: RTCSessionDescriptionInit | null = null;
  onnegotiationneeded: ((event: never) => void) | null = null;
  onicecandidate: ((event: never) => void) | null = null;
  readonly candidates: (RTCIceCandidateInit | undefined)[] = [];
  restarts = 0;
  closed = false;
  #versions = 0;

  async setLocalDescription(description?: RTCSessionDescriptionInit): Promise<void> {
    if (description?.type === 'rollback') {
      if (this.signalingState !== 'have-local-offer') throw new DOMException('nothing to roll back', 'InvalidStateError');
      this.signalingState = 'stable';
      this.localDescription = null;
      return;
    }
    const type = this.signalingState === 'have-remote-offer' ? 'answer' : 'offer';
    this.localDescription = { type, sdp: `v=0\r\no=- ${this.session} ${++this.#versions} IN IP4 0.0.0.0\r\n` };
    this.signalingState = type === 'answer' ? 'stable' : 'have-local-offer';
  }

  async setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
    const known = sessionOf(this.remoteDescription?.sdp);
    if (known !== undefined && known !== sessionOf(description.sdp)) throw new DOMException('other keys', 'InvalidAccessError');
    if (description.type === 'offer') {
      this.signalingState = 'have-remote-offer';
    } else {
      if (this.signalingState !== 'have-local-offer') throw new DOMException('no offer was made', 'InvalidStateError');
      this.signalingState = 'stable';
    }
    this.remoteDescription = description;
  }

  async addIceCandidate(candidate?: RTCIceCandidateInit): Promise<void> {
    if (!this.remoteDescription) throw new DOMException('no remote description', 'InvalidStateError');
    this.candidates.push(candidate);
  }

  restartIce(): void {
    this.restarts += 1;
    this.want();
  }

  close(): void {
    this.closed = true;
  }

  want(): void {
    this.onnegotiationneeded?.({} as never);
  }

  find(candidate: string | null): void {
    this.onicecandidate?.({ candidate: candidate === null ? null : { candidate, toJSON: () => ({ candidate }) } } as never);
  }
}

type Sent = { kind: 'offer' | 'answer' | 'negotiate'; description: Description } | { kind: 'candidates'; candidates: Candidate[] };

/** One side: its negotiator, its peer connections, and what it said that has not been carried over yet. */
class Side {
  readonly sent: Sent[] = [];
  readonly errors: unknown[] = [];
  readonly peers: StatePeer[] = [];
  readonly clock = new HandClock();
  readonly negotiator: Negotiator;
  online = true;
  refuse: CarillonError | undefined;

  constructor(options: { polite: boolean; offersFirst: boolean }) {
    const say = (kind: 'offer' | 'answer' | 'negotiate') => (description: Description): Promise<void> => {
      const refused = this.refuse;
      this.refuse = undefined;
      if (refused) return Promise.reject(refused);
      this.sent.push({ kind, description });
      return Promise.resolve();
    };
    const path: SignalPath = {
      sendOffer: say('offer'),
      sendAnswer: say('answer'),
      sendNegotiate: say('negotiate'),
      sendCandidates: (candidates) => this.online && (this.sent.push({ kind: 'candidates', candidates }), true),
    };
    this.negotiator = new Negotiator({
      ...options, path, clock: this.clock,
      createPeer: () => {
        const peer = new StatePeer();
        this.peers.push(peer);
        return peer;
      },
      onError: (error) => this.errors.push(error),
    });
  }

  get peer(): StatePeer {
    return this.negotiator.peer as StatePeer;
  }

  /** Carries everything said so far to the other side. */
  async carryTo(other: Side): Promise<string[]> {
    await this.negotiator.settled();
    const carried = this.sent.splice(0);
    for (const sent of carried) {
      if (sent.kind === 'candidates') other.negotiator.candidates(sent.candidates);
      else other.negotiator.describe(sent.description, sent.kind);
    }
    await other.negotiator.settled();
    return carried.map((sent) => (sent.kind === 'candidates' ? `candidates ${sent.candidates.length}` : `${sent.kind} ${sent.description.type}`));
  }
}

const caller = (): Side => new Side({ polite: false, offersFirst: true });
const callee = (): Side => new Side({ polite: true, offersFirst: false });

async function connectedPair(): Promise<{ alice: Side; bob: Side }> {
  const alice = caller();
  const bob = callee();
  alice.peer.want();
  await alice.carryTo(bob);
  await bob.carryTo(alice);
  return { alice, bob };
}

test('the caller offers, the callee answers, and it is the only exchange', async () => {
  const alice = caller();
  const bob = callee();
  bob.peer.want();
  alice.peer.want();
  assert.deepEqual(await alice.carryTo(bob), ['offer offer']);
  assert.deepEqual(await bob.carryTo(alice), ['answer answer'], 'the callee kept its own wish to itself');
  assert.deepEqual([alice.peer.signalingState, bob.peer.signalingState], ['stable', 'stable']);
  assert.deepEqual([...alice.errors, ...bob.errors], []);
});

test('later descriptions are negotiated by either side', async () => {
  const { alice, bob } = await connectedPair();
  bob.peer.want();
  assert.deepEqual(await bob.carryTo(alice), ['negotiate offer']);
  assert.deepEqual(await alice.carryTo(bob), ['negotiate answer']);
  assert.deepEqual([alice.peer.signalingState, bob.peer.signalingState], ['stable', 'stable']);
});

test('where two offers cross the polite side gives way', async () => {
  const { alice, bob } = await connectedPair();
  alice.peer.want();
  bob.peer.want();
  await Promise.all([alice.negotiator.settled(), bob.negotiator.settled()]);
  const toBob = alice.sent.splice(0);
  assert.deepEqual(await bob.carryTo(alice), ['negotiate offer']);
  assert.equal(alice.sent.length, 0, 'the impolite side ignored it');
  alice.sent.push(...toBob);
  await alice.carryTo(bob);
  assert.deepEqual(await bob.carryTo(alice), ['negotiate answer']);
  assert.deepEqual([alice.peer.signalingState, bob.peer.signalingState], ['stable', 'stable']);
  assert.deepEqual([...alice.errors, ...bob.errors], []);
});

test('an offer the server holds back is taken back and made again later', async () => {
  const { alice, bob } = await connectedPair();
  bob.refuse = new CarillonError({ status: 409, code: 'negotiation_pending', retry_after_ms: 700 });
  bob.peer.want();
  await bob.negotiator.settled();
  // The refusal comes back a turn after the step that sent the offer.
  await new Promise(setImmediate);
  await bob.negotiator.settled();
  assert.equal(bob.peer.signalingState, 'stable');
  bob.clock.advance(699);
  assert.deepEqual(bob.sent, []);
  bob.clock.advance(1);
  assert.deepEqual(await bob.carryTo(alice), ['negotiate offer']);
  assert.deepEqual(bob.errors, []);
});

test('candidates travel together, the end of them included, and wait for their description', async () => {
  const alice = caller();
  const bob = callee();
  alice.peer.want();
  await alice.negotiator.settled();
  for (const candidate of ['one', 'two', '', null]) alice.peer.find(candidate);
  alice.clock.advance(CANDIDATE_BATCH_MS);
  const [offer, candidates] = alice.sent.splice(0);
  assert.deepEqual(candidates, { kind: 'candidates', candidates: [{ candidate: 'one' }, { candidate: 'two' }, { candidate: '' }] });
  alice.sent.push(candidates as Sent, offer as Sent);
  await alice.carryTo(bob);
  assert.deepEqual(bob.peer.candidates, [{ candidate: 'one' }, { candidate: 'two' }, undefined]);
  assert.deepEqual(bob.errors, []);
});

test('what could not be sent is sent when the path is back', async () => {
  const { alice, bob } = await connectedPair();
  alice.online = false;
  alice.peer.find('late');
  alice.clock.advance(CANDIDATE_BATCH_MS);
  alice.peer.want();
  await alice.negotiator.settled();
  const [lost] = alice.sent.splice(0);
  alice.online = true;
  alice.negotiator.pathRestored();
  assert.deepEqual(await alice.carryTo(bob), ['candidates 1', 'negotiate offer']);
  assert.deepEqual(await bob.carryTo(alice), ['negotiate answer']);
  // The first copy was not lost after all.
  alice.sent.push(lost!);
  await alice.carryTo(bob);
  await bob.carryTo(alice);
  assert.deepEqual([alice.peer.signalingState, bob.peer.signalingState], ['stable', 'stable']);
  assert.deepEqual([...alice.errors, ...bob.errors], []);
});

test('a side that lost its page starts from scratch and the other follows with a new connection', async () => {
  for (const who of ['caller', 'callee'] as const) {
    const { alice, bob } = await connectedPair();
    const stays = who === 'caller' ? bob : alice;
    const back = new Side({ polite: who === 'callee', offersFirst: true });
    back.peer.want();
    assert.deepEqual(await back.carryTo(stays), [who === 'caller' ? 'offer offer' : 'negotiate offer']);
    stays.peer.want();
    await stays.carryTo(back);
    await back.carryTo(stays);
    assert.equal(stays.peers.length, 2, `${who}: a new peer connection`);
    assert.equal(stays.peers[0]!.closed, true);
    assert.deepEqual([...stays.errors, ...back.errors], [], who);
  }
});

test('a restart is a negotiation, and a closed negotiator says nothing', async () => {
  const { alice, bob } = await connectedPair();
  alice.negotiator.restartIce();
  assert.equal(alice.peer.restarts, 1);
  assert.deepEqual(await alice.carryTo(bob), ['negotiate offer']);
  bob.sent.splice(0);
  bob.negotiator.close();
  assert.equal(bob.peer.closed, true);
  bob.negotiator.restartIce();
  bob.negotiator.describe({ type: 'offer', sdp: '' }, 'negotiate');
  await bob.negotiator.settled();
  assert.deepEqual(bob.sent, []);
});
