/** The last `capacity` ids it was shown, in bounded memory. */
export class Seen {
  readonly #ids = new Set<string>();
  readonly #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Notes `id`; true when it is new, false for a duplicate. The oldest id is forgotten when the memory is full. */
  first(id: string): boolean {
    if (this.#ids.has(id)) return false;
    if (this.#ids.size >= this.#capacity) {
      // A Set iterates in order of insertion: its first value is the oldest.
      const oldest = this.#ids.values().next();
      if (!oldest.done) this.#ids.delete(oldest.value);
    }
    this.#ids.add(id);
    return true;
  }

  get size(): number {
    return this.#ids.size;
  }
}
