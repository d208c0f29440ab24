/**
 * Makes `src/frames.ts` from the machine-readable protocol: the words, and every frame a server sends, told apart by `type`
 * and, among the events of calls, by `event_type`.
 *
 * Usage: node generate.mjs [file]; without one, src/frames.ts. A test compares the file that is checked in.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const read = (name) => parse(readFileSync(at(`../../docs/protocol/${name}`), 'utf8'));
const socket = read('asyncapi.yaml');
const { schemas } = read('openapi.yaml').components;

/** Lists of words that become types of their own, and what those are called. */
const WORDS = { CallType: 'CallType', CallState: 'CallState', EndReason: 'EndReason', Status: 'CallStatus' };
/** Lists that a server may extend. */
const OPEN = new Set(['EndReason']);
/** What these schemas are called in TypeScript. */
const NAMED = {
  Id: 'UserId', Call: 'CallObject', Problem: 'Problem', Actor: 'Actor', CallType: 'CallType', CallState: 'CallState',
  EndReason: 'EndReason', Status: 'Open<CallStatus>',
};
/** What the document leaves to WebRTC. */
const OPAQUE = { offer: 'Description', answer: 'Description', description: 'Description', candidates: 'Candidate[]' };
/** What `reason` says depends on the event. */
const REASONS = { ring_stopped: 'RingStopReason', call_rejected: 'EndReason', call_ended: 'EndReason' };

const camel = (words) => words.split(/[._]/).map((word) => word[0].toUpperCase() + word.slice(1)).join('');
const words = (list) => list.map((word) => `'${word}'`).join(' | ');
const comment = (text, indent = '') => (text ? `${indent}/** ${text.trim().replace(/\s+/g, ' ')} */\n` : '');

function typeOf(name, schema) {
  if (schema.$ref) {
    const schemaName = schema.$ref.split('/').at(-1);
    if (!NAMED[schemaName]) throw new Error(`no name for ${schema.$ref}`);
    return NAMED[schemaName];
  }
  if (OPAQUE[name]) return OPAQUE[name];
  if (schema.const !== undefined) return `'${schema.const}'`;
  if (schema.enum) return `Open<${words(schema.enum)}>`;
  switch (schema.type) {
    case 'string': return 'string';
    case 'integer': case 'number': return 'number';
    case 'boolean': return 'boolean';
    case 'array': return `${typeOf(name, schema.items)}[]`;
    case 'object': return schema.properties && schema.required ? inline(schema) : 'unknown';
    default: return 'unknown';
  }
}

const inline = (schema) => `{ ${Object.entries(schema.properties).map(([name, part]) =>
  `${name}${schema.required.includes(name) ? '' : '?'}: ${typeOf(name, part)}`).join('; ')} }`;

function fields(payload, except = []) {
  return Object.entries(payload.properties).filter(([name]) => !except.includes(name)).map(([name, schema]) => {
    const optional = payload.required.includes(name) ? '' : '?';
    return `${comment(schema.description, '  ')}  ${name}${optional}: ${typeOf(name, schema)};\n`;
  }).join('');
}

const { messages } = socket.components;
const sent = socket.operations.fromServer.messages.map(({ $ref }) => $ref.split('/').at(-1));
const union = (name, members) => `export type ${name} =\n${members.map((member) => `  | ${member}`).join('\n')};\n`;

let text = `// Made by generate.mjs from docs/protocol/asyncapi.yaml and openapi.yaml: change those, then \`npm run generate\`.
import type {
  Actor, CallObject, Candidate, Description, Open, Problem, RingStopReason, UserId,
} from './protocol.js';

`;
for (const [schema, name] of Object.entries(WORDS)) {
  text += `${comment(schemas[schema].description)}${union(name, [
    ...schemas[schema].enum.map((word) => `'${word}'`), ...(OPEN.has(schema) ? ['(string & {})'] : [])])}\n`;
}

const frames = [];
for (const key of sent) {
  const { payload, summary } = messages[key];
  const type = payload.properties.type.const;
  if (payload.properties.event_type) {
    const eventTypes = payload.properties.event_type.enum;
    text += `/** What every event of a call says. */\nexport interface CallEventFields {\n${fields(payload, ['event_type', 'reason'])}}\n\n`;
    const events = eventTypes.map((eventType) => {
      const name = `${camel(eventType)}Event`;
      const reason = REASONS[eventType] ? `reason: ${REASONS[eventType]}` : 'reason?: string';
      text += `export interface ${name} extends CallEventFields { event_type: '${eventType}'; ${reason} }\n`;
      return name;
    });
    text += `\n${comment(`${summary} Told apart by \`event_type\`.`)}${union('CallEvent', events)}\n`;
    text += `export type CallEventType = CallEvent['event_type'];\n\n`;
    frames.push('CallEvent');
  } else {
    const name = `${camel(type)}Frame`;
    text += `${comment(summary)}export interface ${name} {\n${fields(payload)}}\n\n`;
    frames.push(name);
  }
}
text += `/** What WebRTC peers say to each other through the call. */\n`;
text += union('SignalFrame', ['CallOfferFrame', 'CallAnswerFrame', 'CallCandidateFrame', 'CallNegotiateFrame']);
text += `\n/** Every frame this version of the protocol knows, told apart by \`type\`. */\n${union('ServerFrame', frames)}`;

writeFileSync(process.argv[2] ?? at('src/frames.ts'), text);
