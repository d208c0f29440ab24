import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Call } from 'carillon-client';
import type { Desk, Line } from './desk.js';
import { clock, other } from './format.js';
import { Icon } from './icons.js';
import { Avatar, RoundButton, Stream, useTick } from './parts.js';
import { canSound, ring, ringback } from './sound.js';

/** The middle of the page: nothing, a call that is being made, one that goes on, or one that is over. */
export function Stage({ desk }: { desk: Desk }): JSX.Element {
  if (desk.line) return <OnLine key={desk.line.call.id} desk={desk} line={desk.line} />;
  if (desk.dialing) {
    return (
      <section class="card stage calling" aria-label="Call">
        <Avatar id={desk.dialing.name} name={desk.dialing.name} size="xl" />
        <h2>{desk.dialing.name}</h2>
        <p class="state">Calling…</p>
      </section>
    );
  }
  if (desk.farewell) return <Over desk={desk} />;
  return (
    <section class="card stage idle" aria-label="Call">
      <span class="bell"><Icon name="bell" /></span>
      <h2>No call at the moment</h2>
      <p>Choose somebody and call with sound or video. To see both ends,{' '}
        <a href={location.pathname} target="_blank" rel="noopener">open a second window</a> and be somebody else there;
        to see one person with two devices, sign in there under the same name.</p>
    </section>
  );
}

function Over({ desk }: { desk: Desk }): JSX.Element {
  const { call, text, video } = desk.farewell!;
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), [call]);
  return (
    <section class="card stage over" aria-label="Call">
      <Avatar id={call.peer.userId} name={call.peer.name} size="xl" />
      <h2 ref={title} tabIndex={-1}>{text}</h2>
      <p class="state">
        {call.peer.name}{call.duration > 0 ? <> · <span class="numbers">{clock(call.duration * 1000)}</span></> : null}
      </p>
      <div class="bar">
        <RoundButton icon={video ? 'video' : 'phone'} kind="good" label="Call back"
          onClick={() => void desk.dial(call.peer.userId, call.peer.name, video)} />
        <RoundButton icon="close" label="Close" onClick={() => {
          desk.farewell = undefined;
          desk.changed();
        }} />
      </div>
    </section>
  );
}

function stateOf(line: Line): string {
  const { call, media } = line;
  const theirs = other(call);
  if (call.state === 'calling') return call.isOutgoing ? 'Calling…' : 'Answering…';
  if (call.state === 'ringing') return call.isOutgoing ? 'Ringing…' : 'Answering…';
  if (theirs?.state === 'reconnecting') return 'The other side is reconnecting…';
  if (media.isHeld) return 'On hold';
  if (theirs?.statuses.includes('on_hold')) return `${call.peer.name} put you on hold`;
  if (media.state === 'interrupted') return 'Looking for another way through the network…';
  return media.state === 'connected' || media.state === 'elsewhere' ? '' : 'Connecting…';
}

/** Phones share no screens. */
const canShare = typeof navigator.mediaDevices?.getDisplayMedia === 'function';

function OnLine({ desk, line }: { desk: Desk; line: Line }): JSX.Element {
  const { call, media } = line;
  const talking = call.state === 'accepted';
  const [play, setPlay] = useState<(() => void) | undefined>();
  useTick(500, talking);
  useEffect(() => (call.isOutgoing && call.state === 'ringing' ? ringback() : undefined), [call, call.state]);

  const theirs = other(call);
  const says = (status: string): boolean => theirs?.statuses.includes(status) ?? false;
  const shown = says('screen_sharing') || !says('video_disabled');
  const picture = talking && media.hasRemoteVideo && shown && !says('on_hold') && !media.isHeld;
  const mine = media.localStream?.getVideoTracks().length && !media.isHeld ? media.localStream : undefined;
  const state = stateOf(line);
  const flags = [
    says('muted') ? `${call.peer.name} is muted` : undefined,
    says('screen_sharing') ? `${call.peer.name} shows a screen` : undefined,
  ].filter((flag) => flag !== undefined);

  return (
    <section class={`card stage online${picture ? ' picture' : ''}${talking ? '' : ' calling'}`} aria-label="Call">
      <Stream stream={media.remoteStream} label={`${call.peer.name}, picture and sound`} hidden={!picture} className="remote"
        onBlocked={(start) => setPlay(() => start)} />
      {picture ? null : (
        <div class="person">
          <Avatar id={call.peer.userId} name={call.peer.name} size="xl" />
        </div>
      )}
      <header>
        <h2>{call.peer.name}</h2>
        <p class="state">
          <span aria-live="polite">{state}</span>
          {talking && !state ? <span class="numbers" role="timer" aria-label="Duration">{clock(call.talkMs)}</span> : null}
          {flags.map((flag) => <span key={flag} class="flag">{flag}</span>)}
        </p>
        {media.jitsiUrl ? <a class="strong" href={media.jitsiUrl} target="_blank" rel="noopener">Open the room</a> : null}
        {play ? (
          <button type="button" class="strong" onClick={() => {
            play();
            setPlay(undefined);
          }}>Play the sound</button>
        ) : null}
      </header>
      {mine ? <Stream stream={mine} label="You" muted mirrored={!media.isSharing} className="mine" /> : null}
      <div class="bar" role="group" aria-label="Call controls">
        {talking && media.state !== 'elsewhere' ? (
          <>
            <RoundButton icon={media.isMuted ? 'micOff' : 'mic'} label={media.isMuted ? 'Unmute' : 'Mute'} lit={media.isMuted}
              disabled={!media.hasMicrophone} onClick={() => media.mute(!media.isMuted)} />
            <RoundButton icon={media.hasCamera ? 'video' : 'videoOff'} label={media.hasCamera ? 'Camera off' : 'Camera on'} word="Camera"
              lit={!media.hasCamera && call.type === 'video'} onClick={() => void media.setCamera(!media.hasCamera)} />
            {canShare ? (
              <RoundButton icon="screen" label={media.isSharing ? 'Stop sharing' : 'Share screen'} word={media.isSharing ? 'Stop' : 'Share'}
                lit={media.isSharing} onClick={() => void (media.isSharing ? media.stopScreen() : media.shareScreen()).catch(() => {
                  // Nothing was chosen, which is an answer.
                })} />
            ) : null}
            <RoundButton icon={media.isHeld ? 'play' : 'pause'} label={media.isHeld ? 'Resume' : 'Hold'} lit={media.isHeld}
              onClick={() => media.hold(!media.isHeld)} />
          </>
        ) : null}
        <RoundButton icon="hangup" kind="bad" label={talking ? 'End call' : 'Cancel'} word={talking ? 'End' : 'Cancel'}
          onClick={() => void desk.hangUp()} />
      </div>
    </section>
  );
}

const RADIUS = 66;
const AROUND = 2 * Math.PI * RADIUS;

/** The ring: a dialog over everything, with the time that is left. */
export function Ring({ desk, call }: { desk: Desk; call: Call }): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const [silent, setSilent] = useState(false);
  const whole = useRef<{ deadline: string | undefined; ms: number }>({ deadline: undefined, ms: 0 });
  useTick(200);
  useEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    if (element && !element.open) element.showModal();
    return () => {
      element?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, [call]);
  useEffect(() => (silent ? undefined : ring()), [call, silent]);

  const left = call.remainingMs;
  // The time to the first ring and the time of the ring itself are two: with a new deadline the circle is whole again.
  const deadline = call.data.ring_deadline;
  if (deadline !== whole.current.deadline || whole.current.ms === 0) whole.current = { deadline, ms: left ?? 0 };
  const share = left === undefined || whole.current.ms === 0 ? 1 : Math.min(1, left / whole.current.ms);
  const video = call.type === 'video';
  return (
    <dialog ref={dialog} class="ring" aria-labelledby="ring-title" aria-describedby="ring-text" onCancel={(event) => {
      // Escape must not decline a call by accident: it makes it quiet.
      event.preventDefault();
      setSilent(true);
    }}>
      <p id="ring-text">Incoming {video ? 'video call' : 'call'}{desk.line ? '; the call you are in will end' : ''}</p>
      <div class="portrait">
        <svg viewBox="0 0 144 144" aria-hidden="true">
          <circle class="track" cx="72" cy="72" r={RADIUS} />
          <circle class="left" cx="72" cy="72" r={RADIUS} stroke-dasharray={AROUND} stroke-dashoffset={AROUND * (1 - share)} />
        </svg>
        <Avatar id={call.peer.userId} name={call.peer.name} size="xl" />
      </div>
      <h2 id="ring-title">{call.peer.name}</h2>
      {left === undefined ? null : (
        <p class="numbers" role="timer" aria-label="Time left to answer">{Math.ceil(left / 1000)} s</p>
      )}
      <div class="bar">
        <RoundButton large icon="hangup" kind="bad" label="Decline" onClick={() => void desk.decline(call)} />
        {video ? <RoundButton large icon="phone" label="Sound only" onClick={() => void desk.accept(call, false)} /> : null}
        <RoundButton large icon={video ? 'video' : 'phone'} kind="good" label="Accept" autoFocus
          onClick={() => void desk.accept(call, video)} />
      </div>
      <button type="button" class="quiet" aria-pressed={silent} onClick={() => setSilent(!silent)}>
        <Icon name={silent ? 'silent' : 'bell'} /> {silent ? 'Silenced' : canSound() ? 'Silence' : 'No sound until you click in this page'}
      </button>
    </dialog>
  );
}
