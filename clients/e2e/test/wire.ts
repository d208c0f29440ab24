import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/**
 * A length of network between a browser and the node that can be cut. Real sockets on both sides: what the browser sees is
 * what it sees when a cable is pulled, down to the reset.
 */
export class Wire {
  readonly #server: Server;
  readonly #open = new Set<Socket>();
  #whole = true;

  private constructor(target: URL) {
    this.#server = createServer((near) => {
      if (!this.#whole) return void near.destroy();
      const far = connect(Number(target.port || 80), target.hostname);
      for (const [one, two] of [[near, far], [far, near]] as const) {
        this.#open.add(one);
        one.on('error', () => two.destroy());
        one.on('close', () => {
          this.#open.delete(one);
          two.destroy();
        });
        one.pipe(two);
      }
    });
  }

  static async to(target: URL): Promise<Wire> {
    const wire = new Wire(target);
    await new Promise<void>((resolve) => wire.#server.listen(0, '127.0.0.1', resolve));
    return wire;
  }

  get origin(): string {
    // By the name a development node lets in as an origin.
    return `http://localhost:${(this.#server.address() as AddressInfo).port}`;
  }

  cut(): void {
    this.#whole = false;
    for (const socket of this.#open) socket.destroy();
  }

  mend(): void {
    this.#whole = true;
  }

  close(): void {
    this.cut();
    this.#server.close();
  }
}
