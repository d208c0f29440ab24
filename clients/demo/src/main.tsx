import { render, type JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { ConnectionState } from 'carillon-client';
import type { Desk, Person } from './desk.js';
import { userIdOf } from './format.js';
import { Frames } from './frames.js';
import { Icon } from './icons.js';
import { Avatar, SmallButton } from './parts.js';
import { History, People } from './people.js';
import { forgetPerson, NotDevelopmentError, rememberedPerson, signIn } from './session.js';
import { unlockSound } from './sound.js';
import { Ring, Stage } from './stage.js';

const SUGGESTED = ['Ada', 'Bela', 'Chandra', 'Dina', 'Emeka', 'Freya'];

function Welcome({ onSigned }: { onSigned(desk: Desk): void }): JSX.Element {
  const [name, setName] = useState('');
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const enter = async (chosen: string): Promise<void> => {
    const typed = chosen.trim();
    if (!typed || busy) return;
    setBusy(true);
    setProblem('');
    try {
      onSigned(await signIn({ user_id: userIdOf(typed), name: typed }));
    } catch (error) {
      setProblem(error instanceof NotDevelopmentError
        ? 'This node is not in development mode. Start one with “carillon dev”: there a name is enough to come in.'
        : `The node could not be reached. ${(error as Error).message}`);
      setBusy(false);
    }
  };
  return (
    <main class="welcome">
      <div class="card">
        <span class="bell"><Icon name="bell" /></span>
        <h1>Carillon</h1>
        <p>Call somebody in another window, and watch the protocol while you do. Who are you in this one?</p>
        <div class="chips" role="group" aria-label="Suggested names">
          {SUGGESTED.map((suggested) => (
            <button key={suggested} type="button" disabled={busy} onClick={() => void enter(suggested)}>
              <Avatar id={userIdOf(suggested)} name={suggested} size="s" />{suggested}
            </button>
          ))}
        </div>
        <form onSubmit={(event) => {
          event.preventDefault();
          void enter(name);
        }}>
          <label class="field">
            <span class="sr">Your name</span>
            <input value={name} onInput={(event) => setName(event.currentTarget.value)} placeholder="or type your name" maxLength={60}
              autoComplete="off" spellcheck={false} />
          </label>
          <button type="submit" class="strong" disabled={busy || !name.trim()}>Enter</button>
        </form>
        <p class="problem" role="alert">{problem}</p>
      </div>
    </main>
  );
}

const LINK_WORDS: Readonly<Record<ConnectionState, string>> = {
  connecting: 'Connecting', connected: 'Connected', disconnected: 'Reconnecting', suspended: 'No connection', failed: 'Signed off',
};

function Link({ state }: { state: ConnectionState }): JSX.Element {
  return <p class={`pill ${state}`} role="status"><span class="dot" aria-hidden="true" />{LINK_WORDS[state]}</p>;
}

type Tab = 'call' | 'history' | 'frames';

function Board({ desk, onLeave }: { desk: Desk; onLeave(): void }): JSX.Element {
  const [, draw] = useState(0);
  const [tab, setTab] = useState<Tab>('call');
  const [why, setWhy] = useState('');
  useEffect(() => desk.on('change', () => draw((n) => n + 1)), [desk]);
  useEffect(() => desk.client.on('connection', ({ state, code, reason }) => {
    if (state === 'failed') setWhy(code === 4005 ? 'This device was opened in another window, which took its place.' : (reason ?? ''));
    else setWhy('');
  }), [desk]);
  // On a phone the call must be in sight when it begins.
  const onStage = desk.line ?? desk.dialing;
  useEffect(() => {
    if (onStage) setTab('call');
  }, [onStage]);

  const { ringing, client, me } = desk;
  const state = client.connectionState;
  return (
    <div class="board" data-tab={tab}>
      <header class="top">
        <span class="brand"><span class="bell"><Icon name="bell" /></span><h1>Carillon</h1></span>
        <Link state={state} />
        <span class="me">
          <Avatar id={me.user_id} name={me.name} size="s" /><span><span class="sr">You are </span>{me.name}</span>
          <SmallButton icon="swap" label="Be somebody else" onClick={onLeave} />
        </span>
      </header>
      {state === 'failed' ? (
        <p class="banner" role="alert">{why || 'The node ended the connection.'}{' '}
          <button type="button" class="quiet" onClick={() => client.connect()}>Connect again</button></p>
      ) : null}
      <main>
        <div class="side">
          <People desk={desk} />
          <History desk={desk} />
        </div>
        <Stage desk={desk} />
        <Frames desk={desk} />
      </main>
      <nav class="tabs" aria-label="Parts of this page">
        {([['call', 'phone', 'Call'], ['history', 'history', 'History'], ['frames', 'code', 'Frames']] as const).map(([id, icon, word]) => (
          <button key={id} type="button" aria-current={tab === id ? 'page' : undefined} onClick={() => setTab(id)}>
            <Icon name={icon} />{word}
          </button>
        ))}
      </nav>
      <div class="notices" role="status" aria-live="polite">
        {desk.notices.map(({ id, text, kind }) => (
          <p key={id} class={`notice ${kind}`}>{text}<SmallButton icon="close" label="Dismiss" onClick={() => desk.dismiss(id)} /></p>
        ))}
      </div>
      {ringing ? <Ring key={ringing.id} desk={desk} call={ringing} /> : null}
    </div>
  );
}

function App({ remembered }: { remembered: Person | undefined }): JSX.Element | null {
  const [desk, setDesk] = useState<Desk | undefined>();
  const [waiting, setWaiting] = useState(remembered !== undefined);
  useEffect(() => {
    if (!remembered) return;
    signIn(remembered).then(setDesk, () => undefined).finally(() => setWaiting(false));
  }, [remembered]);
  useEffect(() => {
    document.title = desk ? `${desk.me.name} – Carillon demo` : 'Carillon demo';
  }, [desk]);
  if (desk) {
    return <Board desk={desk} onLeave={() => {
      desk.close();
      forgetPerson();
      setDesk(undefined);
    }} />;
  }
  return waiting ? null : <Welcome onSigned={setDesk} />;
}

for (const kind of ['pointerdown', 'keydown'] as const) addEventListener(kind, unlockSound);
render(<App remembered={rememberedPerson()} />, document.getElementById('app')!);
