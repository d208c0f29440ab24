import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { hue, initials } from './format.js';
import { Icon, type IconName } from './icons.js';

/** Draws the component again every `ms`, while `running`. */
export function useTick(ms: number, running = true): void {
  const [, draw] = useState(0);
  useEffect(() => {
    if (!running) return undefined;
    const timer = setInterval(() => draw((n) => n + 1), ms);
    return () => clearInterval(timer);
  }, [ms, running]);
}

export const Avatar = ({ id, name, size = 'm', online }: {
  id: string; name: string; size?: 's' | 'm' | 'l' | 'xl'; online?: boolean;
}): JSX.Element => (
  <span class={`avatar ${size} ${hue(id)}`} aria-hidden="true">
    {initials(name)}
    {online === undefined ? null : <span class={online ? 'dot on' : 'dot'} />}
  </span>
);

/** A round button with a drawing in it and, under it, its word; `lit` when what it switches is not as usual. */
export const RoundButton = ({ icon, label, word = label, kind = 'plain', lit = false, disabled = false, large = false, onClick, autoFocus = false }: {
  icon: IconName; label: string; word?: string; kind?: 'plain' | 'good' | 'bad'; lit?: boolean; disabled?: boolean; large?: boolean;
  /** Where a dialog puts the focus when it opens. */
  autoFocus?: boolean; onClick(): void;
}): JSX.Element => (
  <span class={large ? 'round large' : 'round'}>
    <button type="button" class={lit ? `${kind} lit` : kind} disabled={disabled} aria-label={label} autofocus={autoFocus} onClick={onClick}>
      <Icon name={icon} solid={icon === 'hangup' || icon === 'phone'} />
    </button>
    <span class="word" aria-hidden="true">{word}</span>
  </span>
);

/** A small square button; `label` is read out and shown as a tip. */
export const SmallButton = ({ icon, label, onClick, disabled = false, kind = '' }: {
  icon: IconName; label: string; onClick(): void; disabled?: boolean; kind?: string;
}): JSX.Element => (
  <button type="button" class={`small ${kind}`} aria-label={label} title={label} disabled={disabled} onClick={onClick}>
    <Icon name={icon} />
  </button>
);

/** Plays a stream. One that the browser will not play unasked says so by `onBlocked`. */
export function Stream({ stream, label, muted = false, hidden = false, mirrored = false, onBlocked, className = '' }: {
  stream: MediaStream | undefined; label: string; muted?: boolean; hidden?: boolean; mirrored?: boolean; className?: string;
  onBlocked?(play: () => void): void;
}): JSX.Element {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const element = video.current;
    if (!element) return;
    element.muted = muted;
    if (element.srcObject === (stream ?? null)) return;
    element.srcObject = stream ?? null;
    if (stream) {
      element.play().catch((error: unknown) => {
        if (error instanceof DOMException && error.name === 'NotAllowedError') onBlocked?.(() => void element.play());
      });
    }
  });
  return (
    <video ref={video} class={`${className}${hidden ? ' unseen' : ''}${mirrored ? ' mirrored' : ''}`} aria-label={label} playsInline autoPlay />
  );
}

export const Empty = ({ children }: { children: ComponentChildren }): JSX.Element => <p class="empty">{children}</p>;
