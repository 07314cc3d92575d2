import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { ACTIONS, type Demo } from './demo.js';
import type { DemoEvent } from './state.js';

const PAGE = new URL('../../../demo/page/', import.meta.url);
const FILES: Readonly<Record<string, readonly [file: string, type: string]>> = {
  '/': ['index.html', 'text/html'],
  '/page.js': ['page.js', 'text/javascript'],
  '/page.css': ['page.css', 'text/css'],
};

export interface PageServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves the page of a demo, its events, and its actions, on this machine alone. */
export async function servePage(demo: Demo, port: number): Promise<PageServer> {
  const server = createServer((request, response) => {
    answer(demo, request, response).catch((error: unknown) => {
      response.writeHead(500).end(error instanceof Error ? error.message : String(error));
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const { port: actual } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${actual}/`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(
  demo: Demo,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  const file = FILES[pathname];
  if (file !== undefined && request.method === 'GET') {
    const [name, type] = file;
    response.writeHead(200, {
      'content-type': `${type}; charset=utf-8`,
      'content-security-policy': "default-src 'self'; img-src data:",
      'cache-control': 'no-store',
    });
    response.end(await readFile(new URL(name, PAGE)));
  } else if (pathname === '/events' && request.method === 'GET') {
    streamEvents(demo, response);
  } else if (pathname.startsWith('/actions/') && request.method === 'POST') {
    await act(demo, request, decodeURIComponent(pathname.slice('/actions/'.length)), response);
  } else {
    response.writeHead(404).end();
  }
}

async function act(
  demo: Demo,
  { headers }: IncomingMessage,
  name: string,
  response: ServerResponse,
): Promise<void> {
  const action = ACTIONS.find((each) => each === name);
  // A page of somebody else in the same browser must not press the buttons.
  const isOwn = headers.origin === undefined || headers.origin === `http://${headers.host ?? ''}`;
  if (action === undefined || !isOwn) {
    response.writeHead(isOwn ? 404 : 403).end();
    return;
  }
  response.writeHead((await demo.act(action)) ? 204 : 409).end();
}

/** Server-sent events: the state as it is, then every change. */
function streamEvents(demo: Demo, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  const send = (event: DemoEvent): void => {
    response.write(`data: ${JSON.stringify(event)}\n\n`);
  };
  if (demo.state !== undefined) send({ type: 'state', state: demo.state });
  demo.on('event', send);
  response.on('close', () => demo.off('event', send));
}
