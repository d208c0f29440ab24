/**
 * React hooks over a client that lives outside React: components come and go, the socket stays.
 */
import {
  createContext, createElement, useCallback, useContext, useEffect, useMemo, useRef, useSyncExternalStore,
  type ReactElement, type ReactNode,
} from 'react';
import type { Call } from './call.js';
import { CarillonClient, type CallOptions, type ClientOptions } from './client.js';
import type { ConnectionState } from './connection.js';
import type { EndReason, UserId } from './protocol.js';

const ClientContext = createContext<CarillonClient | undefined>(undefined);

/** Gives `client` to the hooks below. The client is made once, outside the components; this neither connects nor closes it. */
export function CarillonProvider({ client, children }: { client: CarillonClient; children?: ReactNode }): ReactElement {
  return createElement(ClientContext.Provider, { value: client }, children);
}

/** The client of the nearest provider, or the one given. Throws when there is neither. */
export function useCarillon(client?: CarillonClient): CarillonClient {
  const provided = useContext(ClientContext);
  const found = client ?? provided;
  if (!found) throw new Error('no client: put a <CarillonProvider client={…}> above, or give the hook one');
  return found;
}

/** The state of the connection; the component is drawn again when it changes. */
export function useConnectionState(client?: CarillonClient): ConnectionState {
  const found = useCarillon(client);
  const subscribe = useCallback((changed: () => void) => found.on('connection', changed), [found]);
  return useSyncExternalStore(subscribe, () => found.connectionState, () => 'disconnected');
}

/**
 * The call this device should ring for, the oldest if there are several; undefined when there is none. Using this hook says
 * that something rings, so the caller is told.
 */
export function useIncomingCall(client?: CarillonClient): Call | undefined {
  const found = useCarillon(client);
  const subscribe = useCallback((changed: () => void) => {
    const offs = [found.on('incoming', changed), found.on('change', changed)];
    return () => offs.forEach((off) => off());
  }, [found]);
  const call = useSyncExternalStore(subscribe, () => found.incoming[0], () => undefined);
  // A call that came before this component was there has not been acknowledged yet.
  useEffect(() => call?.acknowledge(), [call]);
  return call;
}

/**
 * A call by its id or object, drawn again whenever anything about it changes; undefined for an id the client does not know.
 */
export function useCall(call: Call | string | undefined, client?: CarillonClient): Call | undefined {
  const found = useCarillon(client);
  const version = useRef(0);
  const subscribe = useCallback((changed: () => void) => found.on('change', () => {
    version.current += 1;
    changed();
  }), [found]);
  // The object stays the same while it changes, so what is compared is a number.
  useSyncExternalStore(subscribe, () => version.current, () => 0);
  return typeof call === 'string' ? found.find(call) : call;
}

// ---------------------------------------------------------------------------------------------------------------------
// The socket hook of Django-Channels applications, with its names

export type VideoCallEventName = 'call-initiated' | 'call-answered' | 'call-rejected' | 'call-ended';

/** What the callbacks get: the names and the nesting that such applications already read. */
export interface VideoCallEvent {
  event: VideoCallEventName;
  data: {
    id: string;
    call_type: 'video' | 'audio';
    status: string;
    initiator: UserId;
    initiator_name: string;
    recipient: UserId;
    recipient_name: string;
    jitsi_url?: string;
    created_at: string;
    participants: UserId[];
    reason?: EndReason;
    /** Talk seconds. */
    duration: number;
  };
  /** The call itself, to answer or end it with. */
  call: Call;
}

export interface VideoCallWebSocketOptions {
  /** The signed-in user. Without one, nothing is connected. */
  userId: UserId | number | null | undefined;
  onCallInitiated?: (event: VideoCallEvent) => void;
  onCallAnswered?: (event: VideoCallEvent) => void;
  onCallRejected?: (event: VideoCallEvent) => void;
  onCallEnded?: (event: VideoCallEvent) => void;
  /** What to connect with, when there is no provider above. Only the first options for a user count. */
  connect?: ClientOptions;
}

export interface VideoCallWebSocket {
  isConnected: boolean;
  connectionState: ConnectionState;
  client: CarillonClient | undefined;
  /** Starts a call; see {@link CarillonClient.call}. */
  initiateCall(recipient: UserId | number, options?: CallOptions): Promise<Call>;
  answerCall(callId: string): Promise<void>;
  rejectCall(callId: string): Promise<void>;
  endCall(callId: string): Promise<void>;
}

interface Shared { client: CarillonClient; users: number; closing?: ReturnType<typeof setTimeout> }

/** Clients made by the hook, by address and user: every component of a page shares the one socket of its user. */
const shared = new Map<string, Shared>();
/** StrictMode, and moving from page to page, lets go and takes again at once; only who stays away closes the socket. */
const LINGER_MS = 1_000;

function sharedKey(userId: string, options: ClientOptions): string {
  return `${options.url ?? ''} ${userId}`;
}

function sharedClient(userId: string, options: ClientOptions): CarillonClient {
  const key = sharedKey(userId, options);
  const entry = shared.get(key) ?? { client: new CarillonClient(options), users: 0 };
  shared.set(key, entry);
  return entry.client;
}

function retain(userId: string, options: ClientOptions, client: CarillonClient): () => void {
  const key = sharedKey(userId, options);
  // A component that was hidden for longer than the linger comes back with the client it had.
  const entry = shared.get(key) ?? { client, users: 0 };
  shared.set(key, entry);
  clearTimeout(entry.closing);
  entry.users += 1;
  entry.client.connect();
  return () => {
    entry.users -= 1;
    if (entry.users > 0) return;
    entry.closing = setTimeout(() => {
      entry.client.close();
      shared.delete(key);
    }, LINGER_MS);
  };
}

/**
 * Connects while a user is signed in, keeps the connection, and calls back for what happens to calls. The callbacks may be
 * new functions at every drawing; the socket does not notice.
 */
export function useVideoCallWebSocket(options: VideoCallWebSocketOptions): VideoCallWebSocket {
  const provided = useContext(ClientContext);
  const userId = options.userId === null || options.userId === undefined ? undefined : String(options.userId);
  // The options of the first drawing for this user; later ones are equal in all that matters, and often new objects.
  const connect = useRef(options.connect);
  connect.current ??= options.connect;
  const client = useMemo(() => {
    if (userId === undefined) return undefined;
    if (provided) return provided;
    if (!connect.current) throw new Error('no client: give "connect", or put a <CarillonProvider client={…}> above');
    return sharedClient(userId, connect.current);
  }, [provided, userId]);

  const callbacks = useRef(options);
  useEffect(() => {
    callbacks.current = options;
  });

  useEffect(() => {
    if (!client || userId === undefined) return undefined;
    const tell = (name: VideoCallEventName, call: Call): void => {
      const event = videoCallEvent(name, call);
      const { onCallInitiated, onCallAnswered, onCallRejected, onCallEnded } = callbacks.current;
      if (name === 'call-initiated') onCallInitiated?.(event);
      if (name === 'call-answered') onCallAnswered?.(event);
      if (name === 'call-rejected') onCallRejected?.(event);
      if (name === 'call-ended') onCallEnded?.(event);
    };
    const offs: (() => void)[] = [];
    const follow = (call: Call): void => {
      offs.push(call.on('accepted', () => tell('call-answered', call)));
      // A ring that stops here because it was taken or declined elsewhere is over for this page.
      // (When only our own clock stopped it, the server still has to say how it ended.)
      offs.push(call.on('ring_stopped', (reason) => {
        if (reason !== 'expired') tell('call-ended', call);
      }));
    };
    for (const call of client.calls) follow(call);
    offs.push(
      client.on('call', follow),
      client.on('incoming', (call) => tell('call-initiated', call)),
      client.on('ended', (call) => tell(call.state === 'rejected' ? 'call-rejected' : 'call-ended', call)),
    );
    const release = provided ? (client.connect(), () => undefined) : retain(userId, connect.current!, client);
    return () => {
      offs.forEach((off) => off());
      release();
    };
  }, [client, provided, userId]);

  const subscribe = useCallback(
    (changed: () => void) => client?.on('connection', changed) ?? (() => undefined), [client]);
  const connectionState = useSyncExternalStore<ConnectionState>(
    subscribe, () => client?.connectionState ?? 'disconnected', () => 'disconnected');

  return useMemo(() => {
    const find = (callId: string): Call => {
      const call = client?.find(callId);
      if (!call) throw new Error(`no such call: ${callId}`);
      return call;
    };
    return {
      isConnected: connectionState === 'connected',
      connectionState,
      client,
      initiateCall: async (recipient, callOptions) => {
        if (!client) throw new Error('nobody is signed in');
        return client.call(recipient, callOptions);
      },
      answerCall: async (callId) => find(callId).accept(),
      rejectCall: async (callId) => find(callId).reject(),
      endCall: async (callId) => find(callId).end(),
    };
  }, [client, connectionState]);
}

function videoCallEvent(event: VideoCallEventName, call: Call): VideoCallEvent {
  const { data } = call;
  return {
    event,
    call,
    data: {
      id: call.id,
      call_type: data.call_type,
      status: data.state,
      initiator: data.sender_id,
      initiator_name: data.sender_name ?? data.sender_id,
      recipient: data.receiver_id,
      recipient_name: data.receiver_name ?? data.receiver_id,
      ...(data.jitsi_url === undefined ? {} : { jitsi_url: data.jitsi_url }),
      created_at: data.created_at,
      participants: data.participants.map((participant) => participant.user_id),
      ...(data.reason === undefined ? {} : { reason: data.reason }),
      duration: data.duration,
    },
  };
}
