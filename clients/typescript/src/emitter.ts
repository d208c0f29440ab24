/** Names and arguments of what an object tells its listeners. */
export type Events = Record<string, unknown[]>;

/** Where an exception of a listener goes: it must stop neither the other listeners nor the socket. */
function report(error: unknown): void {
  if (typeof reportError === 'function') reportError(error);
  else queueMicrotask(() => { throw error; });
}

/** Listeners by name. `on` returns the function that takes the listener off again. */
export class Emitter<E extends Events> {
  // What is stored under a name takes the arguments of that name; the type of a map cannot say so.
  readonly #listeners = new Map<keyof E, Set<unknown>>();

  /** Calls `listener` for every `name` from now on; the returned function ends that. */
  on<K extends keyof E>(name: K, listener: (...args: E[K]) => void): () => void {
    const set = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, set);
    set.add(listener);
    return () => this.off(name, listener);
  }

  /** Calls `listener` for the next `name` only. */
  once<K extends keyof E>(name: K, listener: (...args: E[K]) => void): () => void {
    const off = this.on(name, (...args) => {
      off();
      listener(...args);
    });
    return off;
  }

  /** Takes a listener off; harmless if it was not on. */
  off<K extends keyof E>(name: K, listener: (...args: E[K]) => void): void {
    this.#listeners.get(name)?.delete(listener);
  }

  /** Whether anyone listens for `name`. */
  hears(name: keyof E): boolean {
    return (this.#listeners.get(name)?.size ?? 0) > 0;
  }

  /**
   * Calls the listeners of `name` in the order they came. One that throws is reported as an uncaught error and the others
   * still hear.
   */
  protected emit<K extends keyof E>(name: K, ...args: E[K]): void {
    for (const listener of [...(this.#listeners.get(name) ?? [])]) {
      try {
        (listener as (...args: E[K]) => void)(...args);
      } catch (error) {
        report(error);
      }
    }
  }
}
