// Made by generate.mjs from docs/protocol/asyncapi.yaml and openapi.yaml: change those, then `npm run generate`.
import type {
  Actor, CallObject, Candidate, Description, Open, Problem, RingStopReason, UserId,
} from './protocol.js';

export type CallType =
  | 'video'
  | 'audio';

export type CallState =
  | 'calling'
  | 'ringing'
  | 'accepted'
  | 'rejected'
  | 'cancelled'
  | 'missed'
  | 'timeout'
  | 'ended';

export type EndReason =
  | 'hangup'
  | 'cancelled'
  | 'caller_lost'
  | 'declined'
  | 'busy'
  | 'unavailable'
  | 'no_answer'
  | 'unreachable'
  | 'glare_merged'
  | 'replaced'
  | 'ice_failed'
  | 'media_timeout'
  | 'media_failed'
  | 'max_duration'
  | 'connection_lost'
  | 'admin_ended'
  | 'ended_by_host'
  | 'removed'
  | 'transferred'
  | 'picked_up'
  | 'empty'
  | 'server_shutdown'
  | 'server_error'
  | (string & {});

export type CallStatus =
  | 'connected'
  | 'on_hold'
  | 'muted'
  | 'video_disabled'
  | 'screen_sharing';

/** The socket is ready. If recovered, what was missed follows, then catchup.done. */
export interface ConnectionAckFrame {
  type: 'connection.ack';
  user_id: UserId;
  device_id: string;
  session_id: string;
  server_time: string;
  heartbeat_ms: number;
  recovered: boolean;
  calls: CallObject[];
  cursor: string;
  features: string[];
}

/** What every event of a call says. */
export interface CallEventFields {
  type: 'call_event';
  /** call_id:call_seq; the same event may arrive twice. */
  event_id: string;
  call_id: string;
  call_seq: number;
  cursor: string;
  /** Told late, on a resume: not to be rung for. */
  catchup?: boolean;
  call_type: CallType;
  sender_id: UserId;
  sender_name: string;
  receiver_id?: UserId;
  receiver_name?: string;
  jitsi_url?: string;
  state: CallState;
  remaining_ms?: number;
  actor: Actor;
  user_id?: UserId;
  status?: Open<CallStatus>;
  active?: boolean;
  role?: string;
  note?: string;
  created_at: string;
  timestamp: string;
  offer?: Description;
  call: CallObject;
}

export interface CallStartedEvent extends CallEventFields { event_type: 'call_started'; reason?: string }
export interface ParticipantRingingEvent extends CallEventFields { event_type: 'participant_ringing'; reason?: string }
export interface CallAcceptedEvent extends CallEventFields { event_type: 'call_accepted'; reason?: string }
export interface RingStoppedEvent extends CallEventFields { event_type: 'ring_stopped'; reason: RingStopReason }
export interface CallRejectedEvent extends CallEventFields { event_type: 'call_rejected'; reason: EndReason }
export interface CallEndedEvent extends CallEventFields { event_type: 'call_ended'; reason: EndReason }
export interface CallStatusUpdateEvent extends CallEventFields { event_type: 'call_status_update'; reason?: string }
export interface ParticipantJoinedEvent extends CallEventFields { event_type: 'participant_joined'; reason?: string }
export interface ParticipantLeftEvent extends CallEventFields { event_type: 'participant_left'; reason?: string }
export interface ParticipantDeclinedEvent extends CallEventFields { event_type: 'participant_declined'; reason?: string }
export interface ParticipantReconnectingEvent extends CallEventFields { event_type: 'participant_reconnecting'; reason?: string }
export interface ParticipantInvitedEvent extends CallEventFields { event_type: 'participant_invited'; reason?: string }
export interface ParticipantRoleChangedEvent extends CallEventFields { event_type: 'participant_role_changed'; reason?: string }
export interface CallModeChangedEvent extends CallEventFields { event_type: 'call_mode_changed'; reason?: string }
export interface CallExtendedEvent extends CallEventFields { event_type: 'call_extended'; reason?: string }
export interface CallExpiringEvent extends CallEventFields { event_type: 'call_expiring'; reason?: string }

/** Something happened to a call, and is stored. Told apart by `event_type`. */
export type CallEvent =
  | CallStartedEvent
  | ParticipantRingingEvent
  | CallAcceptedEvent
  | RingStoppedEvent
  | CallRejectedEvent
  | CallEndedEvent
  | CallStatusUpdateEvent
  | ParticipantJoinedEvent
  | ParticipantLeftEvent
  | ParticipantDeclinedEvent
  | ParticipantReconnectingEvent
  | ParticipantInvitedEvent
  | ParticipantRoleChangedEvent
  | CallModeChangedEvent
  | CallExtendedEvent
  | CallExpiringEvent;

export type CallEventType = CallEvent['event_type'];

/** An SDP offer for this device. */
export interface CallOfferFrame {
  type: 'call.offer';
  call_id: string;
  caller_id: UserId;
  caller_username: string;
  call_type: CallType;
  conversation_id?: unknown;
  offer: Description;
  from_user: UserId;
  from_device: string;
}

/** An SDP answer for this device. */
export interface CallAnswerFrame {
  type: 'call.answer';
  call_id: string;
  receiver_id: UserId;
  answer: Description;
  from_user: UserId;
  from_device: string;
}

/** ICE candidates for this device. */
export interface CallCandidateFrame {
  type: 'call.candidate';
  call_id: string;
  candidates: Candidate[];
  from_user: UserId;
  from_device: string;
}

/** A new offer or answer for this device. */
export interface CallNegotiateFrame {
  type: 'call.negotiate';
  call_id: string;
  description: Description;
  from_user: UserId;
  from_device: string;
}

/** What became of a command. */
export interface ReplyFrame {
  type: 'reply';
  id?: string;
  ok: boolean;
  /** The same keyed command had been done before. */
  replayed?: boolean;
  /** The callee was calling too; the call in this reply is the one of both. */
  glare?: boolean;
  /** With glare, the id this call would have had. */
  requested?: string;
  call?: CallObject;
  offer?: Description;
  jitsi_token?: string;
  error?: Problem;
}

/** Answers a ping. */
export interface PongFrame {
  type: 'pong';
  server_time: string;
}

/** Asks for a sign of life; any frame is one. */
export interface PingFrame {
  type: 'ping';
}

/** Everything that was missed has been told. */
export interface CatchupDoneFrame {
  type: 'catchup.done';
  cursor: string;
}

/** The cursor was no good: here is everything instead. */
export interface ResyncFrame {
  type: 'resync';
  calls: CallObject[];
  cursor: string;
}

/** How things stand when a watch begins; in parts, where there are many calls. */
export interface AdminSnapshotFrame {
  type: 'admin.snapshot';
  watch: string;
  /** The watch goes on from the cursor; no calls are told whole. */
  recovered: boolean;
  calls: CallObject[];
  /** Another part follows. */
  more: boolean;
  /** There are more than the 1000 open calls told of here; what happens to the others is told all the same. */
  truncated?: boolean;
  /** With the last part. */
  watch_cursor?: string;
}

/** Something happened in the realm. */
export interface AdminEventFrame {
  type: 'admin.event';
  watch: string;
  /** The event's name in the journal, without prefix and version. */
  event: string;
  /** What the name does not say, for a person to read. */
  detail?: string;
  call_id: string;
  /** With call_id it names the event; what the snapshot has already may arrive again. */
  call_seq: number;
  watch_cursor: string;
  timestamp: string;
  actor: Actor;
  /** The node that stored it. */
  node?: string;
  /** Who was told what, as far as connected; of a watched user, what this user was told. */
  told: { user_id: UserId; event_type: string; reason?: string; devices?: string[]; devices_except?: string[] }[];
  call: CallObject;
}

/** How many calls are open in the realm, and how many sockets. Sent when a number changes, every two seconds at most. */
export interface AdminCountersFrame {
  type: 'admin.counters';
  watch: string;
  calling: number;
  ringing: number;
  accepted: number;
  connections: number;
}

/** A watch is over, because the token in force now does not allow it. */
export interface AdminEndedFrame {
  type: 'admin.ended';
  watch: string;
  error: Problem;
}

/** The token runs out; send auth.refresh. */
export interface AuthExpiringFrame {
  type: 'auth.expiring';
  expires_in_ms: number;
}

/** The socket is about to be closed with this code. */
export interface DisconnectFrame {
  type: 'disconnect';
  code: number;
  reason: Open<'bad_request' | 'unauthenticated' | 'forbidden' | 'replaced' | 'overloaded' | 'rate_limited' | 'slow_consumer' | 'no_heartbeat' | 'draining' | 'rebalance' | 'token_expired'>;
  reconnect: boolean;
  after_ms: number;
}

/** A frame could not be read. The socket stays open. */
export interface ErrorFrame {
  type: 'error';
  error: Problem;
}

/** What WebRTC peers say to each other through the call. */
export type SignalFrame =
  | CallOfferFrame
  | CallAnswerFrame
  | CallCandidateFrame
  | CallNegotiateFrame;

/** Every frame this version of the protocol knows, told apart by `type`. */
export type ServerFrame =
  | ConnectionAckFrame
  | CallEvent
  | CallOfferFrame
  | CallAnswerFrame
  | CallCandidateFrame
  | CallNegotiateFrame
  | ReplyFrame
  | PongFrame
  | PingFrame
  | CatchupDoneFrame
  | ResyncFrame
  | AdminSnapshotFrame
  | AdminEventFrame
  | AdminCountersFrame
  | AdminEndedFrame
  | AuthExpiringFrame
  | DisconnectFrame
  | ErrorFrame;
