/**
 * Carillon for the browser and Node: one socket that reconnects and resumes, calls as objects, requests beside it.
 *
 * Start reading at {@link CarillonClient}.
 */
export { Call, isTerminal, type CallEvents, type Cause, type Ending } from './call.js';
export { CarillonClient, type CallOptions, type ClientEvents, type ClientOptions, type HistoryFilter } from './client.js';
export { systemClock, type Clock } from './clock.js';
export type {
  ConnectionChange, ConnectionState, SocketConstructor, SocketLike, Surroundings,
} from './connection.js';
export { Emitter, type Events } from './emitter.js';
export { CarillonError, type LocalCode } from './errors.js';
export type { Fetch } from './rest.js';
export type { TokenReason, TokenSource } from './token.js';
export { Watch, type WatchEvents, type WatchOptions } from './watch.js';
export type * from './protocol.js';
