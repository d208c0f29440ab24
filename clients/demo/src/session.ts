import { CarillonClient } from 'carillon-client';
import { Desk, type Person } from './desk.js';

const PERSON_KEY = 'carillon.demo.person';
const DEVICE_KEY = 'carillon.demo.device';

/** Who this tab is, from before a reload; two tabs may be two people. */
export function rememberedPerson(): Person | undefined {
  try {
    const person: unknown = JSON.parse(sessionStorage.getItem(PERSON_KEY) ?? 'null');
    const { user_id, name } = (person ?? {}) as Partial<Person>;
    return typeof user_id === 'string' && typeof name === 'string' ? { user_id, name } : undefined;
  } catch {
    return undefined;
  }
}

export function forgetPerson(): void {
  sessionStorage.removeItem(PERSON_KEY);
}

/** Not a node for trying things out: only there does a name suffice to be let in. */
export class NotDevelopmentError extends Error {}

async function token(person: Person): Promise<string> {
  const response = await fetch('/api/v1/dev/tokens', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(person),
  });
  if (response.status === 404) throw new NotDevelopmentError();
  const reply = (await response.json()) as { token?: string; detail?: string };
  if (!response.ok || !reply.token) throw new Error(reply.detail ?? `The node answered ${response.status}.`);
  return reply.token;
}

function newDevice(): string {
  const bytes = crypto.getRandomValues(new Uint32Array(2));
  const device = `tab-${[...bytes].map((n) => n.toString(36)).join('')}`;
  sessionStorage.setItem(DEVICE_KEY, device);
  return device;
}

/**
 * This tab's device id. A tab keeps its id over a reload; a duplicated tab inherits a copy of its twin's, and would throw
 * the twin out. A lock held while the page lives tells the two apart.
 */
async function deviceId(): Promise<string> {
  const kept = sessionStorage.getItem(DEVICE_KEY);
  if (!navigator.locks) return kept ?? newDevice();
  const device = kept ?? newDevice();
  return (await hold(device, reloaded() ? 1_000 : 0)) ? device : claimNew();
}

async function claimNew(): Promise<string> {
  const device = newDevice();
  await hold(device, 0);
  return device;
}

function reloaded(): boolean {
  const [entry] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  return entry?.type === 'reload' || entry?.type === 'back_forward';
}

/** Takes the lock of a device until the page goes away; false when another page has it for longer than `waitMs`. */
function hold(device: string, waitMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const options: LockOptions = waitMs > 0 ? { signal: AbortSignal.timeout(waitMs) } : { ifAvailable: true };
    navigator.locks.request(`carillon-device-${device}`, options, (lock) => {
      resolve(lock !== null);
      // Never settled: the lock is the page's life.
      return lock === null ? undefined : new Promise<void>(() => undefined);
    }).catch(() => resolve(false));
  });
}

/** Signs somebody in and opens their desk. Throws {@link NotDevelopmentError} where names are no credentials. */
export async function signIn(person: Person): Promise<Desk> {
  let first: string | undefined = await token(person);
  sessionStorage.setItem(PERSON_KEY, JSON.stringify(person));
  const client = new CarillonClient({
    deviceId: await deviceId(),
    token: async () => {
      const given = first ?? (await token(person));
      first = undefined;
      return given;
    },
  });
  const desk = new Desk(person, client);
  desk.open();
  return desk;
}
