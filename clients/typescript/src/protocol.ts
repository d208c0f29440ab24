/**
 * The words and frames of protocol `carillon.v1`, as types.
 *
 * What the server sends is in `frames.ts`, made from the AsyncAPI document; here are the objects in those frames, and what
 * the client sends. Nothing in this file runs. Field names are those on the wire (snake_case), so that a frame seen in a log
 * is the object seen in code. Lists that a server may extend are open (`| (string & {})`): a word this version does not know
 * arrives unchanged and must not break a switch.
 */
import type { CallEvent, CallState, CallStatus, CallType, EndReason, PingFrame } from './frames.js';

export type * from './frames.js';

/** A word list a newer server may extend; the known words still complete in an editor. */
export type Open<T extends string> = T | (string & {});

/** A user id. A realm with integer ids sends JSON numbers; the client turns them into their decimal text. */
export type UserId = string;

export type CallMode = 'direct' | 'hunt' | 'conference';
export type MediaPlane = 'p2p' | 'jitsi';

/** Why a participant hangs up: of their own will, or because the media failed. */
export type HangUpReason = 'hangup' | 'ice_failed' | 'media_failed' | 'media_timeout';

/** Why one device's ring stopped while the call went on, or while others hear of its end. */
export type RingStopReason = Open<
  'answered_elsewhere' | 'declined_elsewhere' | 'busy_elsewhere' | 'picked_up' | 'handoff' | 'ignored'>;

export type ParticipantState = Open<
  | 'invited' | 'delivered' | 'ringing' | 'accepted' | 'joined' | 'reconnecting'
  | 'declined' | 'busy' | 'missed' | 'cancelled' | 'unreachable' | 'left'>;

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

/** A change in who takes part. */
export type ParticipantEvent = Extract<CallEvent, {
  event_type:
    | 'participant_joined' | 'participant_left' | 'participant_declined' | 'participant_reconnecting' | 'participant_invited'
    | 'participant_role_changed';
}>;

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

/** What an administrator's watch sends; the id of `admin.watch` names the watch. */
export type Administration =
  | { type: 'admin.watch'; id: string; call_id?: string; user_id?: UserId; watch_cursor?: string }
  | { type: 'admin.unwatch'; id: string; watch: string };

/** What a command carries beside its own fields: `id` finds the reply, `idempotency_key` makes a repeat harmless. */
export interface Correlated { id?: string; idempotency_key?: string }

export type ClientFrame = HelloFrame | PingFrame | AckFrame | AuthRefreshFrame | Administration | ((Command | Signal) & Correlated);

/** The reply to `GET /api/v1/ice-servers`. */
export interface IceServers { ice_servers: RTCIceServer[]; expires_in_ms?: number }
