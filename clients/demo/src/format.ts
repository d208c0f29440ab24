import type { Call, CallObject, HistoryItem } from 'carillon-client';

/** `1:05` for 65 seconds, `1:00:05` for an hour and five. */
export function clock(ms: number): string {
  const seconds = Math.floor(Math.max(0, ms) / 1000);
  const two = (n: number): string => String(n).padStart(2, '0');
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** The first letters of up to two words. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  return ((words[0]?.[0] ?? '?') + (words.length > 1 ? (words.at(-1)?.[0] ?? '') : '')).toUpperCase();
}

/** One of eight colours that a person keeps. */
export function hue(id: string): string {
  // FNV-1a: neighbours in the alphabet do not look alike.
  let hash = 0x811c9dc5;
  for (const char of id) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193) >>> 0;
  return `hue-${(hash >>> 13) % 8}`;
}

/** The user id a typed name stands for: `Ada Lovelace` is `ada-lovelace`. (An id holds no bar.) */
export function userIdOf(name: string): string {
  return name.trim().toLowerCase().replace(/[\s|]+/g, '-');
}

const REASONS: Readonly<Record<string, string>> = {
  hangup: 'Call ended', cancelled: 'Cancelled', declined: 'Declined', busy: 'Busy', unavailable: 'Not available',
  no_answer: 'No answer', unreachable: 'No device could be reached', caller_lost: 'The caller lost the connection',
  connection_lost: 'The connection was lost', max_duration: 'The longest duration was reached', admin_ended: 'Ended by an administrator',
  media_failed: 'Sound and picture failed', ice_failed: 'No way through the network was found', replaced: 'Replaced by a new call',
};

/** How a call ended, in words; incoming calls that nobody took are missed. */
export function outcome(call: CallObject): string {
  if (!call.is_outgoing && (call.state === 'missed' || call.state === 'timeout' || call.state === 'cancelled')) return 'Missed';
  return (call.reason && REASONS[call.reason]) ?? call.reason?.replaceAll('_', ' ') ?? 'Call ended';
}

const RING_STOPS: Readonly<Record<string, string>> = {
  answered_elsewhere: 'Answered on another device', declined_elsewhere: 'Declined on another device',
  busy_elsewhere: 'You are busy on another device', picked_up: 'Somebody else answered', handoff: 'Moved to another device',
};

/** Why a ring stopped, in words; nothing for reasons that need none. */
export const ringStop = (reason: string): string | undefined => RING_STOPS[reason];

const REFUSALS: Readonly<Record<string, string>> = {
  self_call: 'That is you. Choose somebody else.', callee_not_found: 'There is nobody of that name.',
  already_in_call: 'One of you is in a call already.', blocked: 'This person does not take your calls.',
  rate_limited: 'Too many calls in a short time. Wait a moment.', unavailable: 'The service is busy. Try again in a moment.',
  timeout: 'No answer from the service. It may not have happened.', answered_elsewhere: 'Answered on another device.',
  declined_elsewhere: 'Declined on another device.', call_ended: 'The call was over already.', closed: 'You are not connected.',
};

/** A refusal in words. */
export function refusal(error: unknown): string {
  const { code, message } = error as { code?: string; message?: string };
  return (code && REFUSALS[code]) ?? message ?? 'Something went wrong.';
}

/** Who a past call was with. */
export function peerOf(item: HistoryItem): { id: string; name: string } {
  const id = item.user_id ?? (item.is_outgoing ? item.receiver_id : item.sender_id);
  const name = item.user_name ?? (item.is_outgoing ? item.receiver_name : item.sender_name) ?? id;
  return { id, name };
}

/** `14:05` today, `Mon 14:05` this week, `3 May` before that. */
export function when(time: string, now: Date): string {
  const at = new Date(time);
  if (Number.isNaN(at.getTime())) return '';
  const hour = at.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  if (at.toDateString() === now.toDateString()) return hour;
  if (now.getTime() - at.getTime() < 6 * 86_400_000) return `${at.toLocaleDateString([], { weekday: 'short' })} ${hour}`;
  return at.toLocaleDateString([], { day: 'numeric', month: 'short' });
}

/** The other side of a call. */
export const other = (call: Call) => call.participants.find((participant) => participant.user_id === call.peer.userId);
