import type { Clock } from './clock.js';
import { CarillonError } from './errors.js';
import type { Candidate, Description } from './protocol.js';

/** The part of `RTCPeerConnection` that negotiating needs. */
export interface Peer {
  readonly signalingState: RTCSignalingState;
  readonly localDescription: RTCSessionDescriptionInit | null;
  readonly remoteDescription: RTCSessionDescriptionInit | null;
  onnegotiationneeded: ((event: never) => void) | null;
  onicecandidate: ((event: never) => void) | null;
  setLocalDescription(description?: RTCSessionDescriptionInit): Promise<void>;
  setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void>;
  addIceCandidate(candidate?: RTCIceCandidateInit): Promise<void>;
  restartIce(): void;
  close(): void;
}

/** How descriptions and candidates travel; a `Call` is one. */
export interface SignalPath {
  sendOffer(offer: Description): Promise<void>;
  sendAnswer(answer: Description): Promise<void>;
  sendNegotiate(description: Description): Promise<void>;
  sendCandidates(candidates: Candidate[]): boolean;
}

export interface NegotiatorOptions {
  /** Makes a peer connection with the local tracks in it; called again when the other side starts from scratch. */
  createPeer(): Peer;
  path: SignalPath;
  clock: Clock;
  /** The callee is polite: where two offers cross, its own gives way. */
  polite: boolean;
  /** Whether this side makes the first offer: the caller, and whoever comes back after a reload. */
  offersFirst: boolean;
  /** A description could not be made or taken. */
  onError(error: unknown): void;
}

/** Candidates come in bursts; so many milliseconds of them travel in one frame. */
export const CANDIDATE_BATCH_MS = 40;
const MAX_CANDIDATES = 256;
const PENDING_RETRY_MS = 500;

/** Names the peer connection an SDP belongs to: the session id of its origin line does not change while that one lives. */
export function sessionOf(sdp: string | undefined): string | undefined {
  return /^o=\S+ (\S+) /m.exec(sdp ?? '')?.[1];
}

/**
 * Perfect negotiation over a call's signals: either side may want a new description at any time, and where two offers cross
 * the polite side takes its own back. One step runs at a time, in the order in which it was asked for, so that the state
 * read by a step is the state it acts on.
 */
export class Negotiator {
  readonly #options: NegotiatorOptions;
  #peer: Peer;
  #steps: Promise<void> = Promise.resolve();
  #closed = false;
  /** Until the first description has been exchanged, the side that does not offer first keeps its wishes to itself. */
  #begun: boolean;
  #saidOffer = false;
  #ignoringOffer = false;
  #remoteSession: string | undefined;
  #early: Candidate[] = [];
  #batch: Candidate[] = [];
  #batchTimer: unknown;
  #retryTimer: unknown;

  constructor(options: NegotiatorOptions) {
    this.#options = options;
    this.#begun = options.offersFirst;
    this.#peer = this.#wire(options.createPeer());
  }

  /** The peer connection in use; another one after the other side started from scratch. */
  get peer(): Peer {
    return this.#peer;
  }

  /** Takes an offer or answer of the other side. */
  describe(description: Description, kind: 'offer' | 'answer' | 'negotiate'): void {
    this.#step(() => (description.type === 'offer' ? this.#takeOffer(description, kind) : this.#takeAnswer(description)));
  }

  /** Takes candidates of the other side; those that come before its description wait for it. */
  candidates(candidates: Candidate[]): void {
    this.#step(async () => {
      for (const candidate of candidates) {
        if (this.#peer.remoteDescription) await this.#addCandidate(candidate);
        else if (this.#early.length < MAX_CANDIDATES) this.#early.push(candidate);
      }
    });
  }

  /** Looks for a new way through the network; the offer that needs follows by itself. */
  restartIce(): void {
    if (!this.#closed && this.#begun) this.#peer.restartIce();
  }

  /** The signalling path was away: what may have been lost on it is said again. */
  pathRestored(): void {
    this.#sendBatch();
    this.#step(async () => {
      const { signalingState, localDescription } = this.#peer;
      // The other side answers a repeated offer again, and a repeated answer changes nothing here.
      if (signalingState === 'have-local-offer' && localDescription) this.#sayOffer(plain(localDescription));
    });
  }

  /** Ends it; nothing is sent any more. */
  close(): void {
    this.#closed = true;
    this.#options.clock.clear(this.#batchTimer);
    this.#options.clock.clear(this.#retryTimer);
    this.#unwire();
  }

  /** Resolves when every step asked for so far is done. */
  settled(): Promise<void> {
    return this.#steps;
  }

  // -------------------------------------------------------------------------------------------------------------------

  #step(step: () => Promise<void>): void {
    this.#steps = this.#steps.then(async () => {
      if (this.#closed) return;
      try {
        await step();
      } catch (error) {
        // Closing while a step waits makes it fail, and that is no news.
        if (!this.#closed) this.#options.onError(error);
      }
    });
  }

  async #makeOffer(): Promise<void> {
    // Another step may have been first: its answer brings `negotiationneeded` again if there is still something to say.
    if (this.#peer.signalingState !== 'stable') return;
    await this.#peer.setLocalDescription();
    const offer = this.#peer.localDescription;
    if (offer?.type === 'offer') this.#sayOffer(plain(offer));
  }

  #sayOffer(offer: Description): void {
    const { path, polite } = this.#options;
    const first = !polite && !this.#saidOffer;
    this.#saidOffer = true;
    (first ? path.sendOffer(offer) : path.sendNegotiate(offer)).catch((error: unknown) => {
      if (error instanceof CarillonError && error.code === 'negotiation_pending') this.#giveWay(error.retryAfterMs);
      else this.#notSent(error);
    });
  }

  /** The server lets one negotiation through at a time, and it was not ours: take the offer back and try later. */
  #giveWay(retryAfterMs = PENDING_RETRY_MS): void {
    this.#step(async () => {
      if (this.#peer.signalingState === 'have-local-offer') await this.#peer.setLocalDescription({ type: 'rollback' });
      this.#options.clock.clear(this.#retryTimer);
      this.#retryTimer = this.#options.clock.after(retryAfterMs, () => this.#step(() => this.#makeOffer()));
    });
  }

  async #takeOffer(description: Description, kind: 'offer' | 'answer' | 'negotiate'): Promise<void> {
    const session = sessionOf(description.sdp);
    const fresh = this.#remoteSession !== undefined && session !== this.#remoteSession;
    const crossing = this.#peer.signalingState !== 'stable';
    this.#ignoringOffer = crossing && !this.#options.polite && !fresh;
    if (this.#ignoringOffer) return;
    // A page that was loaded anew offers with new keys, which a peer connection in use cannot take.
    if (fresh) this.#replacePeer();
    this.#remoteSession = session;
    // An offer of our own that is in the way is rolled back by this.
    await this.#peer.setRemoteDescription(description as RTCSessionDescriptionInit);
    this.#begun = true;
    await this.#addEarly();
    await this.#peer.setLocalDescription();
    const answer = this.#peer.localDescription;
    if (!answer) return;
    const { path } = this.#options;
    (kind === 'offer' ? path.sendAnswer(plain(answer)) : path.sendNegotiate(plain(answer)))
      .catch((error: unknown) => this.#notSent(error));
  }

  async #takeAnswer(description: Description): Promise<void> {
    // A second answer to an offer that was repeated.
    if (this.#peer.signalingState !== 'have-local-offer') return;
    this.#remoteSession = sessionOf(description.sdp);
    await this.#peer.setRemoteDescription(description as RTCSessionDescriptionInit);
    await this.#addEarly();
  }

  async #addEarly(): Promise<void> {
    for (const candidate of this.#early.splice(0)) await this.#addCandidate(candidate);
  }

  async #addCandidate(candidate: Candidate): Promise<void> {
    try {
      if (candidate.candidate === '') await this.#peer.addIceCandidate();
      else await this.#peer.addIceCandidate(candidate);
    } catch (error) {
      // Candidates of an offer that was ignored fit nothing here, and older browsers cannot take the end of candidates.
      if (!this.#ignoringOffer && candidate.candidate !== '') throw error;
    }
  }

  #notSent(error: unknown): void {
    // A call that is over takes no more signals, and says so by itself.
    const over = error instanceof CarillonError && (error.code === 'call_ended' || error.code === 'closed');
    if (!this.#closed && !over) this.#options.onError(error);
  }

  #wire(peer: Peer): Peer {
    peer.onnegotiationneeded = () => {
      if (this.#begun) this.#step(() => this.#makeOffer());
    };
    peer.onicecandidate = (event: { candidate: RTCIceCandidate | null }) => {
      const { candidate } = event;
      // Some browsers end each media line with an empty candidate before the null that ends them all.
      if (candidate && candidate.candidate === '') return;
      this.#collect(candidate ? (candidate.toJSON() as Candidate) : { candidate: '' });
    };
    return peer;
  }

  #unwire(): void {
    this.#peer.onnegotiationneeded = null;
    this.#peer.onicecandidate = null;
    this.#peer.close();
  }

  #replacePeer(): void {
    this.#unwire();
    this.#early = [];
    this.#batch = [];
    // Its first wish to negotiate is answered by the offer that is about to be taken.
    this.#begun = false;
    this.#peer = this.#wire(this.#options.createPeer());
  }

  #collect(candidate: Candidate): void {
    if (this.#batch.length < MAX_CANDIDATES) this.#batch.push(candidate);
    this.#batchTimer ??= this.#options.clock.after(CANDIDATE_BATCH_MS, () => this.#sendBatch());
  }

  #sendBatch(): void {
    this.#options.clock.clear(this.#batchTimer);
    this.#batchTimer = undefined;
    if (this.#batch.length === 0) return;
    // Without a connection they stay until there is one.
    if (this.#options.path.sendCandidates(this.#batch)) this.#batch = [];
  }
}

function plain(description: RTCSessionDescriptionInit): Description {
  return { type: description.type, ...(description.sdp === undefined ? {} : { sdp: description.sdp }) };
}
