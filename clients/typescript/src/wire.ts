import type { CallObject, ServerFrame, UnknownFrame } from './protocol.js';

type Fields = Record<string, unknown>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A realm with integer user ids sends numbers; here an id is always text, so that one comparison serves both. */
function textIds(fields: Fields, names: readonly string[]): void {
  for (const name of names) if (typeof fields[name] === 'number') fields[name] = String(fields[name]);
}

const CALL_IDS = ['sender_id', 'receiver_id', 'user_id'] as const;

/** Reads a call object as it came from JSON: user ids become text, absent lists become empty. The object is changed. */
export function readCall(value: unknown): CallObject | undefined {
  if (!isFields(value) || typeof value['call_id'] !== 'string') return undefined;
  textIds(value, CALL_IDS);
  const participants = Array.isArray(value['participants']) ? value['participants'].filter(isFields) : [];
  for (const participant of participants) {
    textIds(participant, ['user_id']);
    if (!Array.isArray(participant['statuses'])) participant['statuses'] = [];
  }
  value['participants'] = participants;
  if (typeof value['call_seq'] !== 'number') value['call_seq'] = 0;
  if (typeof value['duration'] !== 'number') value['duration'] = 0;
  return value as unknown as CallObject;
}

/** Reads a list of call objects; what is no call object is left out. */
export function readCalls(value: unknown): CallObject[] {
  return Array.isArray(value) ? value.map(readCall).filter((call) => call !== undefined) : [];
}

/**
 * Reads the text of one frame. Nothing for what is not a JSON object with a `type`; a frame of an unknown type comes back
 * as it is.
 */
export function readFrame(text: string): ServerFrame | UnknownFrame | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isFields(value) || typeof value['type'] !== 'string') return undefined;
  textIds(value, ['user_id', 'sender_id', 'receiver_id', 'caller_id', 'from_user']);
  if (isFields(value['actor'])) textIds(value['actor'], ['user_id']);
  if (Array.isArray(value['told'])) value['told'].filter(isFields).forEach((one) => textIds(one, ['user_id']));
  if ('call' in value) readCall(value['call']);
  if ('calls' in value) value['calls'] = readCalls(value['calls']);
  const error = value['error'];
  if (isFields(error) && 'call' in error) readCall(error['call']);
  return value as unknown as ServerFrame | UnknownFrame;
}
