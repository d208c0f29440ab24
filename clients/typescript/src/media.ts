/**
 * Sound and picture of a call: camera, microphone, screen and one `RTCPeerConnection`, negotiated through the call's
 * signals and released at every end.
 */
import type { Call } from './call.js';
import type { CarillonClient } from './client.js';
import { systemClock } from './clock.js';
import { Emitter } from './emitter.js';
import { Negotiator, type Peer } from './negotiation.js';

/**
 * - `idle`: not started; `waiting`: devices are on, the call is not accepted yet; `connecting`; `connected`;
 * - `interrupted`: media stopped flowing and another way is being looked for;
 * - `elsewhere`: media is in a Jitsi room, see `jitsiUrl`; `closed`: everything was released.
 */
export type MediaState = 'idle' | 'waiting' | 'connecting' | 'connected' | 'interrupted' | 'elsewhere' | 'closed';

export interface MediaOptions {
  /** Whether, or which, microphone. Default true. */
  audio?: boolean | MediaTrackConstraints;
  /** Whether, or which, camera. Default: in video calls. */
  video?: boolean | MediaTrackConstraints;
  /** Default: asked of the server when the media starts. */
  iceServers?: RTCIceServer[];
}

export type MediaEvents = {
  state: [state: MediaState];
  /** What the others see of us changed; undefined when nothing is sent. */
  local: [stream: MediaStream | undefined];
  /** What we see of the other side changed. */
  remote: [stream: MediaStream];
  /** A device was refused or is in use, or a description failed. The call goes on with what there is. */
  error: [error: unknown];
  /** Anything changed: the moment to draw it again. */
  change: [];
};

/** The callee leaves the restart to the caller for so long; two restarts at once only cost time. */
const CALLEE_RESTART_AFTER_MS = 2_000;
/** After the signalling came back, media gets so long to prove that it did not go away. */
const RESUME_CHECK_MS = 1_500;

/**
 * The media of one call on this device. Make it when the call is started or accepted, `start()` it, show `localStream` and
 * `remoteStream`; it ends with the call. Each call needs a new one. It joins two people; a conference goes through Jitsi.
 */
export class CallMedia extends Emitter<MediaEvents> {
  readonly call: Call;
  readonly #client: CarillonClient;
  readonly #options: MediaOptions;
  readonly #offs: (() => void)[] = [];
  #negotiator: Negotiator | undefined;
  #iceServers: RTCIceServer[] = [];
  #state: MediaState = 'idle';
  #starting: Promise<void> | undefined;
  #microphone: MediaStreamTrack | undefined;
  #camera: MediaStreamTrack | undefined;
  #screen: MediaStreamTrack | undefined;
  #localStream: MediaStream | undefined;
  #remoteStream: MediaStream | undefined;
  #videoSender: RTCRtpSender | undefined;
  #muted = false;
  #held = false;
  #toldConnected = false;
  #restartTimer: unknown;

  constructor(client: CarillonClient, call: Call, options: MediaOptions = {}) {
    super();
    this.call = call;
    this.#client = client;
    this.#options = options;
    this.#offs.push(
      call.on('accepted', () => this.#beginIfReady()),
      call.on('finished', () => this.close()),
    );
  }

  get state(): MediaState { return this.#state; }
  /** What the other side gets: microphone, and camera or screen. */
  get localStream(): MediaStream | undefined { return this.#localStream; }
  get remoteStream(): MediaStream | undefined { return this.#remoteStream; }
  /** Whether a picture arrives from the other side. */
  get hasRemoteVideo(): boolean {
    return this.#remoteStream?.getVideoTracks().some((track) => track.readyState === 'live' && !track.muted) ?? false;
  }
  /** The room to open instead, for a call whose media goes through Jitsi. */
  get jitsiUrl(): string | undefined { return this.call.mediaPlane === 'jitsi' ? this.call.jitsiUrl : undefined; }
  get isMuted(): boolean { return this.#muted; }
  get isHeld(): boolean { return this.#held; }
  get hasCamera(): boolean { return this.#camera !== undefined; }
  get hasMicrophone(): boolean { return this.#microphone !== undefined; }
  get isSharing(): boolean { return this.#screen !== undefined; }

  /**
   * Switches the devices on and, once the call is accepted on this device, connects. Resolves when the devices are there;
   * it never rejects because of a device: what is refused or in use is told by `error`, and the call goes on without it.
   */
  start(): Promise<void> {
    this.#starting ??= this.#start();
    return this.#starting;
  }

  /** Switches the microphone off or on, and tells the others. */
  mute(muted = true): void {
    this.#muted = muted;
    this.#applyGates();
    this.#tell('muted', muted);
  }

  /** Sends nothing while held, and tells the others. The other side's sound stays with the page that plays it. */
  hold(held = true): void {
    this.#held = held;
    this.#applyGates();
    this.#tell('on_hold', held);
  }

  /** Switches the camera off (its light goes out) or on, also in a call that began with sound alone. */
  async setCamera(on: boolean): Promise<void> {
    if (on === this.hasCamera || this.#state === 'closed') return;
    if (on) {
      const stream = await this.#devices({ video: asConstraint(this.#options.video) });
      if (!stream) return;
      this.#camera = stream.getVideoTracks()[0];
    } else {
      this.#camera?.stop();
      this.#camera = undefined;
    }
    await this.#showVideo();
    this.#tell('video_disabled', !on);
  }

  /** Shows the screen instead of the camera. Rejects when the person chooses none; ends by itself when sharing is stopped. */
  async shareScreen(): Promise<void> {
    if (this.#screen || this.#state === 'closed') return;
    const stream = await navigator.mediaDevices.getDisplayMedia({ video: true });
    const track = stream.getVideoTracks()[0];
    if (!track) return;
    if (this.#isClosed()) return track.stop();
    this.#screen = track;
    track.addEventListener('ended', () => void this.stopScreen());
    await this.#showVideo();
    this.#tell('screen_sharing', true);
  }

  /** Shows the camera again, or nothing. Harmless when no screen is shown. */
  async stopScreen(): Promise<void> {
    if (!this.#screen) return;
    this.#screen.stop();
    this.#screen = undefined;
    await this.#showVideo();
    this.#tell('screen_sharing', false);
  }

  /** Releases camera, microphone, screen and connection. Called by itself when the call ends; it does not end the call. */
  close(): void {
    if (this.#state === 'closed') return;
    for (const off of this.#offs.splice(0)) off();
    systemClock.clear(this.#restartTimer);
    this.#negotiator?.close();
    for (const track of [this.#microphone, this.#camera, this.#screen]) track?.stop();
    for (const track of this.#remoteStream?.getTracks() ?? []) track.stop();
    this.#microphone = this.#camera = this.#screen = this.#localStream = this.#remoteStream = undefined;
    this.#enter('closed');
    this.emit('local', undefined);
  }

  // -------------------------------------------------------------------------------------------------------------------

  async #start(): Promise<void> {
    if (this.call.isFinished) return this.close();
    if (this.call.mediaPlane === 'jitsi') return this.#enter('elsewhere');
    const wantsVideo = this.#options.video ?? this.call.type === 'video';
    const [servers] = await Promise.all([
      this.#options.iceServers ?? this.#client.iceServers().catch((error: unknown) => {
        // On one network it goes without; between two it may not, so the page is told.
        this.emit('error', error);
        return [];
      }),
      this.#takeDevices(this.#options.audio ?? true, wantsVideo),
    ]);
    if (this.#isClosed()) return;
    this.#iceServers = servers;
    this.#enter('waiting');
    this.#beginIfReady();
  }

  async #takeDevices(audio: boolean | MediaTrackConstraints, video: boolean | MediaTrackConstraints): Promise<void> {
    let stream = await this.#devices({ audio, video });
    // A camera that another program holds must not cost the voice as well.
    if (!stream && video !== false && audio !== false) stream = await this.#devices({ audio, video: false });
    if (!stream) return;
    this.#microphone = stream.getAudioTracks()[0];
    this.#camera = stream.getVideoTracks()[0];
    this.#applyGates();
    this.#drawLocal();
  }

  async #devices(constraints: MediaStreamConstraints): Promise<MediaStream | undefined> {
    if (!constraints.audio && !constraints.video) return undefined;
    try {
      if (!navigator.mediaDevices) throw new DOMException('camera and microphone need a secure page', 'NotSupportedError');
      const stream = await navigator.mediaDevices.getUserMedia(constraints);
      // The call may have ended while the person read the question: nothing may stay switched on.
      if (this.#isClosed()) {
        for (const track of stream.getTracks()) track.stop();
        return undefined;
      }
      return stream;
    } catch (error) {
      if (!this.#isClosed()) this.emit('error', error);
      return undefined;
    }
  }

  #beginIfReady(): void {
    if (this.#state !== 'waiting' || this.call.state !== 'accepted' || !this.call.here) return;
    this.#enter('connecting');
    const { call } = this;
    const negotiator = new Negotiator({
      createPeer: () => this.#createPeer() as unknown as Peer,
      path: call,
      clock: systemClock,
      polite: !call.isOutgoing,
      offersFirst: call.isOutgoing || call.resumed,
      onError: (error) => this.emit('error', error),
    });
    this.#negotiator = negotiator;
    this.#offs.push(
      call.on('offer', (offer) => negotiator.describe(offer, 'offer')),
      call.on('answer', (answer) => negotiator.describe(answer, 'answer')),
      call.on('negotiate', (description) => negotiator.describe(description, 'negotiate')),
      call.on('candidates', (candidates) => negotiator.candidates(candidates)),
      this.#client.on('connection', ({ state }) => {
        if (state === 'connected') this.#signallingRestored();
      }),
    );
  }

  #createPeer(): RTCPeerConnection {
    const peer = new RTCPeerConnection({ iceServers: this.#iceServers });
    const stream = this.#localStream ?? new MediaStream();
    const outgoing = this.#screen ?? this.#camera;
    // A connection that replaces an earlier one answers, and an answer follows the lines of the offer.
    const offers = this.#negotiator === undefined && (this.call.isOutgoing || this.call.resumed);
    if (this.#microphone) peer.addTrack(this.#microphone, stream);
    else if (offers) peer.addTransceiver('audio', { direction: 'recvonly' });
    this.#videoSender = undefined;
    if (outgoing) this.#videoSender = peer.addTrack(outgoing, stream);
    else if (offers && this.call.type === 'video') peer.addTransceiver('video', { direction: 'recvonly' });
    const remote = new MediaStream();
    this.#remoteStream = remote;
    peer.ontrack = ({ track }) => {
      remote.addTrack(track);
      // A track is muted until, and whenever, nothing arrives on it.
      track.onmute = track.onunmute = () => this.emit('change');
      this.emit('remote', remote);
      this.emit('change');
    };
    peer.onconnectionstatechange = () => this.#peerChanged(peer);
    return peer;
  }

  #peerChanged(peer: RTCPeerConnection): void {
    if (this.#isClosed() || peer !== (this.#negotiator?.peer as unknown)) return;
    switch (peer.connectionState) {
      case 'connected':
        systemClock.clear(this.#restartTimer);
        this.#enter('connected');
        if (!this.#toldConnected) {
          this.#toldConnected = true;
          this.#tell('connected', true);
          // Switched before there was anyone to tell.
          if (this.#muted) this.#tell('muted', true);
        }
        return;
      case 'disconnected':
        this.#enter('interrupted');
        return this.#restartAfter(this.call.isOutgoing ? CALLEE_RESTART_AFTER_MS : 2 * CALLEE_RESTART_AFTER_MS);
      case 'failed':
        this.#enter('interrupted');
        return this.#restartAfter(this.call.isOutgoing ? 0 : CALLEE_RESTART_AFTER_MS);
      default:
        return;
    }
  }

  #restartAfter(ms: number): void {
    systemClock.clear(this.#restartTimer);
    this.#restartTimer = systemClock.after(ms, () => {
      if (this.#state === 'interrupted') this.#negotiator?.restartIce();
    });
  }

  /** The network may be another one now, and media does not notice that at once. */
  #signallingRestored(): void {
    this.#negotiator?.pathRestored();
    const peer = this.#negotiator?.peer as unknown as RTCPeerConnection | undefined;
    if (!peer || peer.connectionState === 'new') return;
    systemClock.clear(this.#restartTimer);
    this.#restartTimer = systemClock.after(peer.connectionState === 'connected' ? RESUME_CHECK_MS : 0, () => {
      if (peer.connectionState !== 'connected') this.#negotiator?.restartIce();
    });
  }

  async #showVideo(): Promise<void> {
    const track = this.#screen ?? this.#camera ?? null;
    this.#applyGates();
    this.#drawLocal();
    const peer = this.#negotiator?.peer as unknown as RTCPeerConnection | undefined;
    if (!peer) return;
    try {
      if (this.#videoSender) await this.#videoSender.replaceTrack(track);
      // A first picture in a call of sound alone: the peer connection asks for a negotiation by itself.
      else if (track && this.#localStream) this.#videoSender = peer.addTrack(track, this.#localStream);
    } catch (error) {
      this.emit('error', error);
    }
  }

  #drawLocal(): void {
    const tracks = [this.#microphone, this.#screen ?? this.#camera].filter((track) => track !== undefined);
    this.#localStream = tracks.length > 0 ? new MediaStream(tracks) : undefined;
    this.emit('local', this.#localStream);
    this.emit('change');
  }

  #applyGates(): void {
    if (this.#microphone) this.#microphone.enabled = !this.#muted && !this.#held;
    for (const track of [this.#camera, this.#screen]) if (track) track.enabled = !this.#held;
    this.emit('change');
  }

  /** A flag that could not be told is not worth disturbing a call: the switch itself has worked. */
  #tell(status: 'connected' | 'muted' | 'on_hold' | 'video_disabled' | 'screen_sharing', active: boolean): void {
    if (this.call.state === 'accepted') this.call.setStatus(status, active).catch(() => undefined);
  }

  #isClosed(): boolean {
    return this.#state === 'closed';
  }

  #enter(state: MediaState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.emit('state', state);
    this.emit('change');
  }
}

function asConstraint(video: boolean | MediaTrackConstraints | undefined): true | MediaTrackConstraints {
  return typeof video === 'object' ? video : true;
}
