/** Rings and tones, made on the spot: no sound files to load, nothing to unlock but the page itself. */
let context: AudioContext | undefined;

/** Browsers keep a page silent until somebody has clicked or typed in it: to be called in such a moment. */
export function unlockSound(): void {
  context ??= new AudioContext();
  void context.resume();
}

/** Whether a tone would be heard now. */
export const canSound = (): boolean => context?.state === 'running';

/** A bell: a few partials of a struck bell, each dying away at its own pace. */
function strike(at: number, pitch: number, loudness: number): void {
  if (!context) return;
  for (const [ratio, share, life] of [[0.5, 0.3, 1.8], [1, 1, 1.4], [1.19, 0.35, 1], [2, 0.35, 0.7], [2.74, 0.15, 0.4]] as const) {
    const oscillator = context.createOscillator();
    const gain = context.createGain();
    oscillator.frequency.value = pitch * ratio;
    gain.gain.setValueAtTime(0, at);
    gain.gain.linearRampToValueAtTime(loudness * share, at + 0.008);
    gain.gain.exponentialRampToValueAtTime(0.0001, at + life);
    oscillator.connect(gain).connect(context.destination);
    oscillator.start(at);
    oscillator.stop(at + life);
  }
}

function hum(at: number, seconds: number): void {
  if (!context) return;
  const oscillator = context.createOscillator();
  const gain = context.createGain();
  oscillator.frequency.value = 425;
  gain.gain.setValueAtTime(0, at);
  gain.gain.linearRampToValueAtTime(0.04, at + 0.05);
  gain.gain.setValueAtTime(0.04, at + seconds - 0.05);
  gain.gain.linearRampToValueAtTime(0, at + seconds);
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(at);
  oscillator.stop(at + seconds);
}

function repeat(everyMs: number, play: (at: number) => void): () => void {
  const once = (): void => {
    if (context?.state === 'running') play(context.currentTime + 0.02);
  };
  once();
  const timer = setInterval(once, everyMs);
  return () => clearInterval(timer);
}

/** Four bells, until the returned function is called; a phone shakes as well. */
export function ring(): () => void {
  const stop = repeat(3_200, (at) => {
    [659.3, 523.3, 587.3, 392].forEach((pitch, i) => strike(at + i * 0.36, pitch, 0.12));
    navigator.vibrate?.([400, 200, 400]);
  });
  return () => {
    stop();
    navigator.vibrate?.(0);
  };
}

/** What a caller hears while it rings at the other end. */
export const ringback = (): (() => void) => repeat(5_000, (at) => hum(at, 1));

/** One low bell: it is over. */
export function over(): void {
  if (context?.state === 'running') strike(context.currentTime, 262, 0.08);
}
