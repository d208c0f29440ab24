import type { JSX } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Desk, FrameEntry } from './desk.js';
import { Icon } from './icons.js';
import { Empty, SmallButton } from './parts.js';

const HEARTBEAT = new Set(['ping', 'pong', 'ack']);

function family(type: string): string {
  if (HEARTBEAT.has(type)) return 'beat';
  if (type === 'call_event') return 'event';
  if (type === 'reply' || type === 'error') return 'reply';
  if (/^call\.(offer|answer|candidate|negotiate)$/.test(type)) return 'signal';
  return type.startsWith('call.') ? 'command' : 'link';
}

/** What a frame is about, in a few words beside its type. */
function gist({ frame }: FrameEntry): string {
  const { code } = (frame['error'] ?? {}) as { code?: string };
  // A status is a flag that was set or cleared, and says more than the state the call stays in.
  if (typeof frame['status'] === 'string') return `${frame['active'] === false ? 'not ' : ''}${frame['status']}`;
  if (frame.type === 'call_event') return String(frame['reason'] ?? frame['state'] ?? '');
  if (frame.type === 'reply') return `${String(frame['id'])} ${frame['ok'] === true ? 'ok' : (code ?? 'refused')}`;
  if (frame.type === 'connection.ack') return frame['recovered'] === true ? 'resumed' : 'new session';
  if (frame.type === 'call.candidate') return `${(frame['candidates'] as unknown[] | undefined)?.length ?? 0}`;
  if (frame.type === 'disconnect') return `${String(frame['code'])} ${String(frame['reason'])}`;
  if (frame.type === 'error') return code ?? '';
  return typeof frame['id'] === 'string' ? frame['id'] : '';
}

function Entry({ entry }: { entry: FrameEntry }): JSX.Element {
  const { frame, direction, at } = entry;
  const name = frame.type === 'call_event' ? String(frame['event_type']) : frame.type;
  const [open, setOpen] = useState(false);
  // Written out only when it is looked at: a description of a peer connection has some two hundred lines.
  // A session description is one string in JSON and many lines to a reader.
  const text = useMemo(() => (open ? JSON.stringify(frame, undefined, 2).replaceAll('\\r\\n', '\n      ') : ''), [open, frame]);
  return (
    <details class={`frame ${family(frame.type)} ${direction}`} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <span class="arrow" aria-hidden="true"><Icon name={direction} /></span>
        <span class="sr">{direction === 'in' ? 'received' : 'sent'} </span>
        <code>{name}</code>
        <span class="gist">{gist(entry)}</span>
        <time>{at.toLocaleTimeString([], { hour12: false })}.{String(at.getMilliseconds()).padStart(3, '0')}</time>
      </summary>
      {/* A long line scrolls, and what scrolls must be reachable by keyboard. */}
      <pre tabIndex={0} aria-label={`${name} as JSON`}>{text}</pre>
    </details>
  );
}

/** The frames of this socket as they pass: the protocol, learnt by watching. */
export function Frames({ desk }: { desk: Desk }): JSX.Element {
  const [beats, setBeats] = useState(false);
  const list = useRef<HTMLDivElement>(null);
  const following = useRef(true);
  const shown = beats ? desk.frames : desk.frames.filter(({ frame }) => !HEARTBEAT.has(frame.type));
  const last = shown.at(-1)?.id;
  useEffect(() => {
    const element = list.current;
    if (element && following.current) element.scrollTop = element.scrollHeight;
  }, [last]);
  return (
    <section class="card frames" aria-labelledby="frames-title">
      <header>
        <h2 id="frames-title">Frames of this socket</h2>
        <span class="pair">
          <SmallButton icon={desk.framesPaused ? 'play' : 'pause'} label={desk.framesPaused ? 'Go on recording' : 'Pause recording'}
            onClick={() => desk.pauseFrames(!desk.framesPaused)} />
          <SmallButton icon="close" label="Clear the list" onClick={() => desk.clearFrames()} />
        </span>
      </header>
      <label class="check">
        <input type="checkbox" checked={beats} onChange={(event) => setBeats(event.currentTarget.checked)} />
        Show heartbeats and acknowledgements
      </label>
      {/* Read on request: a region that announced every frame would drown everything else. */}
      <div class="list" ref={list} tabIndex={0} role="region" aria-label="Frames, oldest first" onScroll={(event) => {
        const { scrollTop, scrollHeight, clientHeight } = event.currentTarget;
        following.current = scrollHeight - scrollTop - clientHeight < 40;
      }}>
        {shown.map((entry) => <Entry key={entry.id} entry={entry} />)}
        {shown.length === 0 ? <Empty>Call somebody and watch what is said.</Empty> : null}
      </div>
      <p class="legend" aria-hidden="true">
        <span class="link">connection</span><span class="command">command</span><span class="reply">reply</span>
        <span class="event">event</span><span class="signal">signal</span>
      </p>
    </section>
  );
}
