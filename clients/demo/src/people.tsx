import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Desk } from './desk.js';
import { clock, outcome, peerOf, userIdOf, when } from './format.js';
import { Icon } from './icons.js';
import { Avatar, Empty, SmallButton } from './parts.js';

/** Who is here, and a field for who is not. */
export function People({ desk }: { desk: Desk }): JSX.Element {
  const [name, setName] = useState('');
  const typed = name.trim();
  const busy = desk.line !== undefined || desk.dialing !== undefined || desk.client.connectionState === 'failed';
  const dial = (video: boolean): void => {
    if (!typed) return;
    setName('');
    void desk.dial(userIdOf(typed), typed, video);
  };
  const matches = desk.people.filter((person) => person.name.toLowerCase().includes(typed.toLowerCase()));
  return (
    <section class="card people" aria-labelledby="people-title">
      <h2 id="people-title">People</h2>
      <form class="dial" onSubmit={(event) => {
        event.preventDefault();
        dial(false);
      }}>
        <label class="field">
          <Icon name="search" />
          <span class="sr">Find or type a name to call</span>
          <input value={name} onInput={(event) => setName(event.currentTarget.value)} placeholder="Find or type a name"
            autoComplete="off" spellcheck={false} maxLength={60} />
        </label>
        {typed ? (
          <span class="pair">
            <SmallButton icon="phone" label={`Call ${typed} with sound`} disabled={busy} onClick={() => dial(false)} />
            <SmallButton icon="video" label={`Call ${typed} with video`} disabled={busy} onClick={() => dial(true)} />
          </span>
        ) : null}
      </form>
      <ul class="rows">
        {matches.map((person) => (
          <li key={person.user_id} class={person.online ? '' : 'away'}>
            <Avatar id={person.user_id} name={person.name} online={person.online} />
            <span class="who">
              <strong>{person.name}</strong>
              <small>{person.online ? 'here now' : 'not here'}</small>
            </span>
            <span class="pair">
              <SmallButton icon="phone" label={`Call ${person.name} with sound`} disabled={busy}
                onClick={() => void desk.dial(person.user_id, person.name, false)} />
              <SmallButton icon="video" label={`Call ${person.name} with video`} disabled={busy}
                onClick={() => void desk.dial(person.user_id, person.name, true)} />
            </span>
          </li>
        ))}
      </ul>
      {desk.peopleKnown && desk.people.length === 0 ? (
        <Empty>Nobody else is here yet. <a href={location.pathname} target="_blank" rel="noopener">Open a second window</a> and
          be somebody else there.</Empty>
      ) : null}
      {typed && matches.length === 0 && desk.people.length > 0 ? <Empty>Nobody of that name is here; calling still works.</Empty> : null}
    </section>
  );
}

/** The calls of the past, each with a way to call back. */
export function History({ desk }: { desk: Desk }): JSX.Element {
  const busy = desk.line !== undefined || desk.dialing !== undefined || desk.client.connectionState === 'failed';
  const now = new Date();
  return (
    <section class="card history" aria-labelledby="history-title">
      <h2 id="history-title">History</h2>
      <ul class="rows">
        {desk.history.map((item) => {
          const peer = peerOf(item);
          const talked = item.duration > 0 ? clock(item.duration * 1000) : outcome(item);
          const missed = talked === 'Missed';
          return (
            <li key={item.call_id} class={missed ? 'missed' : ''}>
              <span class="direction" title={item.is_outgoing ? 'Outgoing' : 'Incoming'}>
                <Icon name={item.is_outgoing ? 'out' : 'in'} />
                <span class="sr">{item.is_outgoing ? 'Outgoing' : 'Incoming'} {item.call_type} call, </span>
              </span>
              <span class="who">
                <strong>{peer.name}</strong>
                <small>{talked} · <time dateTime={item.created_at}>{when(item.created_at, now)}</time></small>
              </span>
              <SmallButton icon={item.call_type === 'video' ? 'video' : 'phone'} label={`Call ${peer.name} back`} disabled={busy}
                onClick={() => void desk.dial(peer.id, peer.name, item.call_type === 'video')} />
            </li>
          );
        })}
      </ul>
      {desk.history.length === 0 ? <Empty>Your calls will be listed here.</Empty> : null}
      {desk.historyCursor ? (
        <button type="button" class="quiet" onClick={() => void desk.loadHistory(true)}>Show older calls</button>
      ) : null}
    </section>
  );
}
