import assert from 'node:assert/strict';
import { after, afterEach, beforeEach, test } from 'node:test';
import { JSDOM } from 'jsdom';
import { createElement, StrictMode, type ReactNode } from 'react';
import type { Root } from 'react-dom/client';
import type { CarillonClient, SocketConstructor } from 'carillon-client';
import { WebSocket } from 'ws';
import {
  CarillonProvider, useCall, useConnectionState, useIncomingCall, useVideoCallWebSocket, type VideoCallWebSocket,
} from 'carillon-client/react';
import { Peer, type PeerSocket } from './peer.js';
import { clientOf, eager, event, inState, reply, ringing } from './support.js';

const { window } = new JSDOM('<main></main>');
// Defined, not assigned: newer Nodes have a `navigator` of their own that cannot be assigned.
for (const [name, value] of Object.entries({ window, document: window.document, navigator: window.navigator })) {
  Object.defineProperty(globalThis, name, { value, configurable: true });
}
const { createRoot } = await import('react-dom/client');

let peer: Peer;
let root: Root;
const main = window.document.querySelector('main')!;

/** Waits until the page says so. */
function shows(text: string): Promise<void> {
  return new Promise((resolve) => {
    const look = (): boolean => main.textContent === text && (observer.disconnect(), resolve(), true);
    const observer = new window.MutationObserver(look);
    if (!look()) observer.observe(main, { childList: true, subtree: true, characterData: true });
  });
}

beforeEach(async () => {
  peer = await Peer.start();
  root = createRoot(main);
});
afterEach(() => {
  root.unmount();
  peer.stop();
});
after(() => window.close());

test('the hooks show the connection, the ring and the call', async () => {
  const client: CarillonClient = clientOf(peer);
  function Ring(): ReactNode {
    const state = useConnectionState();
    const call = useCall(useIncomingCall());
    const known = useCall('call-1');
    return `${state} ${call ? `${call.peer.name} ${call.state}` : 'quiet'} ${known?.state ?? ''}`.trim();
  }
  root.render(createElement(StrictMode, null, createElement(CarillonProvider, { client }, createElement(Ring))));
  await shows('disconnected quiet');
  client.connect();
  const socket = await peer.socket();
  await socket.welcome();
  await shows('connected quiet');
  socket.send(event('call_started', ringing()));
  await shows('connected Bob calling calling');
  socket.send(reply(await socket.next('call.acknowledge'), { call: ringing({ state: 'ringing', call_seq: 2 }) }));
  await shows('connected Bob ringing ringing');
  socket.send(event('call_ended', ringing({ state: 'cancelled', reason: 'cancelled', call_seq: 3 })));
  await shows('connected quiet cancelled');
  client.close();
});

test('a call that rang before the page was there is acknowledged when it is drawn', async () => {
  const client = clientOf(peer);
  client.connect();
  const socket = await peer.socket();
  await socket.welcome({ calls: [ringing()] });
  await inState(client, 'connected');
  root.render(createElement(function Ring() {
    return useIncomingCall(client)?.peer.name ?? 'quiet';
  }));
  await shows('Bob');
  await socket.next('call.acknowledge');
  client.close();
});

test('StrictMode opens one socket, the callbacks hear the four events by name, and leaving closes it', async () => {
  const heard: string[] = [];
  let hook: VideoCallWebSocket | undefined;
  const options = {
    url: peer.url, token: () => 'secret', deviceId: 'laptop', clock: eager, webSocket: WebSocket as unknown as SocketConstructor,
  };
  function Crm({ userId }: { userId: number | null }): ReactNode {
    const tell = ({ event: name, data }: { event: string; data: { id: string; initiator: string; status: string } }): void =>
      void heard.push(`${name} ${data.id} ${data.initiator} ${data.status}`);
    hook = useVideoCallWebSocket({
      userId, connect: { ...options }, onCallInitiated: tell, onCallAnswered: tell, onCallRejected: tell, onCallEnded: tell,
    });
    return hook.connectionState;
  }
  const draw = (userId: number | null): void =>
    root.render(createElement(StrictMode, null, createElement(Crm, { userId })));
  draw(null);
  await shows('disconnected');
  assert.equal(peer.socketCount, 0, 'nobody is signed in');
  draw(7);
  const socket: PeerSocket = await peer.socket();
  await socket.welcome({ user_id: 'alice' });
  await shows('connected');
  draw(7);

  socket.send(event('call_started', ringing()));
  await socket.next('call.acknowledge');
  const answering = hook!.answerCall('call-1');
  const accepted = ringing({ state: 'accepted', call_seq: 3 });
  socket.send(reply(await socket.next('call.accept'), { call: accepted }));
  await answering;
  const ending = hook!.endCall('call-1');
  socket.send(reply(await socket.next('call.end'), { call: ringing({ state: 'ended', reason: 'hangup', call_seq: 4 }) }));
  await ending;
  const second = ringing({ call_id: 'call-2' });
  socket.send(event('call_started', second), event('call_rejected', { ...second, state: 'rejected', reason: 'declined', call_seq: 2 }));
  socket.send({ type: 'ping' });
  await socket.next('ping');
  assert.deepEqual(heard, [
    'call-initiated call-1 bob calling', 'call-answered call-1 bob accepted', 'call-ended call-1 bob ended',
    'call-initiated call-2 bob calling', 'call-rejected call-2 bob rejected',
  ]);
  assert.equal(peer.socketCount, 1);
  draw(null);
  await socket.closed();
});
