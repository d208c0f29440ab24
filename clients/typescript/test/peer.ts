import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';

export type Frame = { type: string; [field: string]: unknown };

/** One socket as the server sees it: it says what a test tells it to, and waits for what the client says. */
export class PeerSocket {
  readonly frames: Frame[] = [];
  readonly #socket: WebSocket;
  #read = 0;
  #waiting: (() => void)[] = [];
  closeCode: number | undefined;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data) => {
      this.frames.push(JSON.parse(String(data)) as Frame);
      this.#wake();
    });
    socket.on('close', (code) => {
      this.closeCode = code;
      this.#wake();
    });
  }

  send(...frames: Frame[]): void {
    for (const frame of frames) this.#socket.send(JSON.stringify(frame));
  }

  raw(text: string): void {
    this.#socket.send(text);
  }

  close(code = 1000, reason = ''): void {
    this.#socket.close(code, reason);
  }

  /** Cuts the line: no close frame, nothing. */
  cut(): void {
    this.#socket.terminate();
  }

  /** The next frame of this type that was not taken yet; those before it are skipped. */
  async next(type: string): Promise<Frame> {
    for (;;) {
      while (this.#read < this.frames.length) {
        const frame = this.frames[this.#read++]!;
        if (frame.type === type) return frame;
      }
      if (this.closeCode !== undefined) throw new Error(`the socket closed (${this.closeCode}) before a ${type} came`);
      await this.#something();
    }
  }

  async closed(): Promise<number> {
    while (this.closeCode === undefined) await this.#something();
    return this.closeCode;
  }

  /** Lets a client in: waits for its hello and acknowledges it. */
  async welcome(more: Record<string, unknown> = {}): Promise<Frame> {
    const hello = await this.next('hello');
    this.send({
      type: 'connection.ack', user_id: 'alice', device_id: hello['device_id'], session_id: 's', recovered: 'cursor' in hello,
      server_time: '2030-01-01T00:00:00.000Z', heartbeat_ms: 10_000, calls: [], cursor: 'c0', features: [], ...more,
    });
    return hello;
  }

  #something(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

/** A protocol peer on a real port. */
export class Peer {
  readonly #server: Server;
  readonly #sockets: PeerSocket[] = [];
  readonly #waiting: (() => void)[] = [];
  #taken = 0;
  answer: (request: IncomingMessage, body: string, response: ServerResponse) => void = (_request, _body, response) => {
    response.writeHead(404, { 'content-type': 'application/problem+json' }).end('{"status":404,"code":"not_found"}');
  };

  private constructor(server: Server) {
    this.#server = server;
    const sockets = new WebSocketServer({ server, path: '/api/v1/socket', handleProtocols: () => 'carillon.v1' });
    sockets.on('connection', (socket) => {
      this.#sockets.push(new PeerSocket(socket));
      for (const resolve of this.#waiting.splice(0)) resolve();
    });
    server.on('request', (request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += String(chunk)));
      request.on('end', () => this.answer(request, body, response));
    });
  }

  static async start(): Promise<Peer> {
    const server = createServer();
    const peer = new Peer(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return peer;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get socketCount(): number {
    return this.#sockets.length;
  }

  /** The next socket that nobody has taken yet. */
  async socket(): Promise<PeerSocket> {
    while (this.#taken >= this.#sockets.length) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return this.#sockets[this.#taken++]!;
  }

  stop(): void {
    for (const socket of this.#sockets) socket.cut();
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
