/**
 * The words and frames of protocol `carillon.v1`, as types.
 *
 * Nothing in this file runs: it is the one place a generator working from the AsyncAPI document may replace. Field names
 * are those on the wire (snake_case), so that a frame seen in a log is the object seen in code. Lists that a server may
 * extend are open (`| (string & {})`): a word this version does not know arrives unchanged and must not break a switch.
 */

/** A word list a newer server may extend; the known words still complete in an editor. */
export type Open<T extends string> = T | (string & {});

/** A user id. A realm with integer ids sends JSON numbers; the client turns them into their decimal text. */
export type UserId = string;

export type CallType = 'video' | 'audio';
export type CallMode = 'direct' | 'hunt' | 'conference';
export type MediaPlane = 'p2p' | 'jitsi';

/** The eight public states. The last five are terminal. */
export type CallState =
  | 'calling' | 'ringing' | 'accepted'
  | 'rejected' | 'cancelled' | 'missed' | 'timeout' | 'ended';

/** Why a call ended, in fine grain. */
export type EndReason = Open<
  | 'hangup' | 'cancelled' | 'declined' | 'busy' | 'unavailable' | 'no_answer' | 'unreachable' | 'caller_lost'
  | 'connection_lost' | 'max_duration' | 'ice_failed' | 'media_failed' | 'media_timeout' | 'admin_ended'
  | 'ended_by_host' | 'glare_merged' | 'replaced' | 'transferred' | 'empty' | 'removed' | 'unsupported_media'
  | 'server_shutdown' | 'server_error'>;

/** Why a participant hangs up: of their own will, or because the media failed. */
export type HangUpReason = 'hangup' | 'ice_failed' | 'media_failed' | 'media_timeout';

/** Why one device's ring stopped while the call went on, or while others hear of its end. */
export type RingStopReason = Open<
  'answered_elsewhere' | 'declined_elsewhere' | 'busy_elsewhere' | 'picked_up' | 'handoff'>;

export type ParticipantState = Open<
  | 'invited' | 'delivered' | 'ringing' | 'accepted' | 'joined' | 'reconnecting'
  | 'declined' | 'busy' | 'missed' | 'cancelled' | 'unreachable' | 'left'>;

/** In-call flags; a participant has a set of them. */
export type CallStatus = 'connected' | 'on_hold' | 'muted' | 'video_disabled' | 'screen_sharing';

export interface Participant {
  user_id: UserId;
  name?: string;
  role?: string;
  state: ParticipantState;
  statuses: Open<CallStatus>[];
  device_id?: string;
}

/** The call object of replies, snapshots and history. Times are RFC 3339 UTC; durations are seconds unless named `_ms`. */
export interface CallObject {
  call_id: string;
  call_type: CallType;
  mode: CallMode;
  state: CallState;
  reason?: EndReason;
  sender_id: UserId;
  sender_name?: string;
  receiver_id: UserId;
  receiver_name?: string;
  participants: Participant[];
  is_outgoing: boolean;
  jitsi_url?: string;
  media_plane: MediaPlane;
  context?: unknown;
  created_at: string;
  ringing_at?: string;
  answered_at?: string;
  connected_at?: string;
  ended_at?: string;
  ended_by?: unknown;
  /** Talk seconds, computed by the server; 0 before the answer. */
  duration: number;
  /** Seconds it rang. */
  ring_duration?: number;
  ring_deadline?: string;
  /** Milliseconds of ringing left when the server sent this. */
  remaining_ms?: number;
  call_seq: number;
}

/** An item of the history: the call and the peer it was with. */
export interface HistoryItem extends CallObject {
  user_id?: UserId;
  user_name?: string;
}

/** The one error object of REST and socket (RFC 9457). */
export interface Problem {
  type?: string;
  title?: string;
  status: number;
  code: Open<ErrorCode>;
  detail?: string;
  retryable?: boolean;
  request_id?: string;
  call?: CallObject;
  retry_after_ms?: number;
  errors?: { pointer: string; detail: string }[];
}

export type ErrorCode =
  | 'malformed' | 'unauthenticated' | 'token_expired' | 'forbidden' | 'not_invited' | 'own_call' | 'blocked'
  | 'call_not_found' | 'callee_not_found' | 'not_found' | 'method_not_allowed' | 'call_ended' | 'answered_elsewhere'
  | 'declined_elsewhere' | 'already_in_call' | 'invalid_state' | 'negotiation_pending' | 'idempotency_key_reused'
  | 'payload_too_large' | 'unsupported_media_type' | 'validation' | 'unsupported_media' | 'self_call'
  | 'rate_limited' | 'unavailable';

export interface Actor { user_id?: UserId; device_id?: string }

/** A session description as WebRTC gives it. */
export interface Description { type: 'offer' | 'answer' | 'pranswer' | 'rollback'; sdp?: string }

/** An ICE candidate; `candidate: ""` says that no more will come. */
export interface Candidate {
  candidate: string;
  sdpMid?: string | null;
  sdpMLineIndex?: number | null;
  usernameFragment?: string | null;
}

// ---------------------------------------------------------------------------------------------------------------------
// Server → client

export type CallEventType =
  | 'call_started' | 'participant_ringing' | 'call_accepted' | 'ring_stopped' | 'call_rejected' | 'call_ended'
  | 'call_status_update' | 'participant_joined' | 'participant_left' | 'participant_declined'
  | 'participant_reconnecting' | 'participant_invited' | 'call_expiring';

interface CallEventFields {
  type: 'call_event';
  /** `<call_id>:<call_seq>`: the same event may arrive twice, and this tells. */
  event_id: string;
  call_id: string;
  call_seq: number;
  /** Opaque; the last one seen resumes the stream. */
  cursor?: string;
  call_type?: CallType;
  sender_id?: UserId;
  sender_name?: string;
  receiver_id?: UserId;
  receiver_name?: string;
  jitsi_url?: string;
  state?: CallState;
  remaining_ms?: number;
  actor?: Actor;
  created_at?: string;
  timestamp?: string;
  /** True for events replayed after a resume. */
  catchup?: boolean;
  call?: CallObject;
}

export interface CallStartedEvent extends CallEventFields { event_type: 'call_started'; reason?: string; offer?: Description }
export interface ParticipantRingingEvent extends CallEventFields { event_type: 'participant_ringing'; reason?: string }
export interface CallAcceptedEvent extends CallEventFields { event_type: 'call_accepted'; reason?: string }
export interface RingStoppedEvent extends CallEventFields { event_type: 'ring_stopped'; reason: RingStopReason }
export interface CallRejectedEvent extends CallEventFields { event_type: 'call_rejected'; reason: EndReason }
export interface CallEndedEvent extends CallEventFields {
  event_type: 'call_ended';
  reason: EndReason;
  /** Talk seconds. */
  duration?: number;
  ended_by?: unknown;
}
export interface CallStatusUpdateEvent extends CallEventFields {
  event_type: 'call_status_update';
  reason?: string;
  status?: Open<CallStatus>;
  active?: boolean;
}
export interface ParticipantEvent extends CallEventFields {
  event_type:
    | 'participant_joined' | 'participant_left' | 'participant_declined'
    | 'participant_reconnecting' | 'participant_invited';
  reason?: string;
}
export interface CallExpiringEvent extends CallEventFields { event_type: 'call_expiring'; reason?: string }

/** Every call event, told apart by `event_type`. */
export type CallEvent =
  | CallStartedEvent | ParticipantRingingEvent | CallAcceptedEvent | RingStoppedEvent | CallRejectedEvent
  | CallEndedEvent | CallStatusUpdateEvent | ParticipantEvent | CallExpiringEvent;

export interface ConnectionAckFrame {
  type: 'connection.ack';
  user_id: UserId;
  device_id: string;
  session_id: string;
  server_time: string;
  heartbeat_ms: number;
  recovered: boolean;
  /** Every call of this user that has not ended. */
  calls: CallObject[];
  cursor: string;
  features?: string[];
}

interface SignalFields { call_id: string; from_user?: UserId; from_device?: string }

export interface OfferFrame extends SignalFields {
  type: 'call.offer';
  offer: Description;
  caller_id?: UserId;
  caller_username?: string;
  call_type?: CallType;
  conversation_id?: unknown;
}
export interface AnswerFrame extends SignalFields { type: 'call.answer'; answer: Description; receiver_id?: UserId }
export interface CandidateFrame extends SignalFields { type: 'call.candidate'; candidates: Candidate[] }
export interface NegotiateFrame extends SignalFields { type: 'call.negotiate'; description: Description }

/** What WebRTC peers say to each other through the call. */
export type SignalFrame = OfferFrame | AnswerFrame | CandidateFrame | NegotiateFrame;

export interface CatchupDoneFrame { type: 'catchup.done'; cursor: string }
export interface ResyncFrame { type: 'resync'; calls: CallObject[]; cursor: string }
export interface PingFrame { type: 'ping' }
export interface PongFrame { type: 'pong'; server_time?: string }
export interface AuthExpiringFrame { type: 'auth.expiring'; expires_in_ms: number }
export interface DisconnectFrame {
  type: 'disconnect';
  code: number;
  reason: string;
  reconnect: boolean;
  after_ms?: number;
}
/** The answer to a command; without `id` it refuses a signal that carried none. */
export interface ReplyFrame { type: 'reply'; id?: string; ok: boolean; call?: CallObject; error?: Problem }
export interface ErrorFrame { type: 'error'; error: Problem }

/** Every frame this version of the protocol knows, told apart by `type`. */
export type ServerFrame =
  | ConnectionAckFrame | CallEvent | SignalFrame | CatchupDoneFrame | ResyncFrame | PingFrame | PongFrame
  | AuthExpiringFrame | DisconnectFrame | ReplyFrame | ErrorFrame;

/** A frame of a type this version does not know: handed on as it came. */
export interface UnknownFrame { type: string; [field: string]: unknown }

// ---------------------------------------------------------------------------------------------------------------------
// Client → server

export interface HelloFrame {
  type: 'hello';
  token: string;
  device_id: string;
  platform: 'web';
  cursor?: string;
}
export interface AckFrame { type: 'ack'; cursor: string }
export interface AuthRefreshFrame { type: 'auth.refresh'; token: string }

/** What a call is started with, on the wire. */
export interface InitiateFields {
  receiver_id?: UserId;
  callees?: UserId[];
  call_type: CallType;
  mode?: CallMode;
  ring?: 'ring' | 'notify' | 'silent';
  context?: unknown;
  conversation_id?: string | number;
  media_plane?: MediaPlane;
  offer?: Description;
  timeouts?: { ring_timeout_ms?: number; setup_timeout_ms?: number; max_duration_ms?: number };
  metadata?: Record<string, unknown>;
}

/** A command, without the `id` and `idempotency_key` the connection adds. */
export type Command =
  | ({ type: 'call.initiate' } & InitiateFields)
  | { type: 'call.acknowledge'; call_id: string; status: 'ringing' }
  | { type: 'call.accept'; call_id: string; answer?: Description; existing_calls?: 'hold' | 'end' | 'keep' }
  | { type: 'call.reject'; call_id: string; reason?: 'declined' | 'busy' | 'unavailable' }
  | { type: 'call.cancel'; call_id: string }
  | { type: 'call.end'; call_id: string; reason?: HangUpReason }
  | { type: 'call.leave'; call_id: string }
  | { type: 'call.status'; call_id: string; status: CallStatus; active: boolean }
  | { type: 'call.invite'; call_id: string; callees: UserId[] };

/** A signal to the other side of a call. */
export type Signal =
  | { type: 'call.offer'; call_id: string; offer: Description }
  | { type: 'call.answer'; call_id: string; answer: Description }
  | { type: 'call.candidate'; call_id: string; candidates: Candidate[] }
  | { type: 'call.negotiate'; call_id: string; description: Description };

/** What a command carries beside its own fields: `id` finds the reply, `idempotency_key` makes a repeat harmless. */
export interface Correlated { id?: string; idempotency_key?: string }

export type ClientFrame = HelloFrame | PingFrame | AckFrame | AuthRefreshFrame | ((Command | Signal) & Correlated);

/** The reply to `GET /api/v1/ice-servers`. */
export interface IceServers { ice_servers: RTCIceServer[]; expires_in_ms?: number }
