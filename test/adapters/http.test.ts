import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { createHttp } from '../../lib/adapters/http.ts';
import { ExchangeBusy, UnexpectedFormat } from '../../lib/domain/errors.ts';

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function failure(promise: Promise<unknown>): Promise<Error> {
  return await promise.then(
    () => new Error('no failure'),
    (error: Error) => error,
  );
}

describe('createHttp', () => {
  test('any status is an answer, with its headers in lower case and its exact bytes', async () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
    const url = await serve((request, response) => {
      response.writeHead(418, { 'X-MBX-Used-Weight-1M': '7', 'X-Agent': request.headers['user-agent'] ?? '' });
      response.end(bytes);
    });
    const answer = await createHttp().get(`${url}/a`);
    expect(answer.status).toBe(418);
    expect(answer.headers['x-mbx-used-weight-1m']).toBe('7');
    expect(answer.headers['x-agent']).toBe('candlelake');
    expect(Buffer.compare(answer.body, bytes)).toBe(0);
  });

  test('sends the headers given, and unpacks gzip', async () => {
    const url = await serve((request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' });
      response.end(gzipSync(`key ${request.headers['x-mbx-apikey']}`));
    });
    const answer = await createHttp().get(url, { headers: { 'X-MBX-APIKEY': 'abc' } });
    expect(new TextDecoder().decode(answer.body)).toBe('key abc');
  });

  test('does not follow a redirect', async () => {
    const other = await serve((_, response) => response.end('elsewhere'));
    const url = await serve((_, response) => response.writeHead(302, { location: other }).end());
    const answer = await createHttp().get(url);
    expect([answer.status, answer.headers['location']]).toEqual([302, other]);
  });

  test('a body shorter than its content-length is no answer', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('short');
      setImmediate(() => response.destroy());
    });
    const error = await failure(createHttp().get(`${url}/x.zip`));
    expect(error).toBeInstanceOf(ExchangeBusy);
    expect(error.message).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/x\.zip gave no whole answer: \S/);
  });

  test('a chunked body that breaks off is no answer', async () => {
    const url = await serve((_, response) => {
      response.write('begin');
      setImmediate(() => response.destroy());
    });
    expect(await failure(createHttp().get(url))).toBeInstanceOf(ExchangeBusy);
  });

  test('a reset or refused connection names the URL and the cause', async () => {
    const url = await serve((request) => request.socket.resetAndDestroy());
    const reset = await failure(createHttp().get(url));
    expect([reset.name, reset.message]).toEqual([
      'ExchangeBusy',
      expect.stringContaining(`${url} gave no whole answer: `),
    ]);
    const closed = servers.splice(0)[0]!;
    closed.closeAllConnections();
    await new Promise((resolve) => closed.close(resolve));
    const refused = await failure(createHttp().get(url));
    expect(refused.message).toContain('ECONNREFUSED');
    expect(refused.cause).toBeDefined();
  });

  test('a server that stays silent, or stops in the middle, times out', async () => {
    const url = await serve((request, response) => {
      if (request.url === '/middle') response.writeHead(200, { 'content-length': '10' }).write('half');
    });
    for (const path of ['/never', '/middle']) {
      const error = await failure(createHttp({ timeoutMs: 60 }).get(`${url}${path}`));
      expect(error).toBeInstanceOf(ExchangeBusy);
      expect(error.message).toBe(`${url}${path} gave no whole answer: timed out after 60 ms`);
    }
  });

  test('a server that drips is waited for, but not for ever', async () => {
    let drip: NodeJS.Timeout | undefined;
    const url = await serve((request, response) => {
      response.writeHead(200, { 'content-length': request.url === '/short' ? '5' : '100000' });
      let left = request.url === '/short' ? 5 : 100_000;
      drip = setInterval(() => {
        response.write('x');
        if (--left === 0) clearInterval(drip);
      }, 10);
    });
    try {
      // Each silence is shorter than the timeout.
      const http = createHttp({ timeoutMs: 200 });
      expect((await http.get(`${url}/short`)).body.length).toBe(5);
      const error = await failure(http.get(`${url}/long`));
      expect(error).toBeInstanceOf(ExchangeBusy);
      expect(error.message).toBe(`${url}/long gave no whole answer: not whole after 4000 ms`);
    } finally {
      clearInterval(drip);
    }
  });

  test('refuses an answer that is too large while it comes, declared or not', async () => {
    const url = await serve((_, response) => {
      for (let i = 0; i < 64; i += 1) response.write(Buffer.alloc(1024));
      response.end();
    });
    const error = await failure(createHttp({ maxBytes: 10_000 }).get(url));
    expect(error).toBeInstanceOf(UnexpectedFormat);
    expect(error.message).toMatch(/must answer at most 10000 bytes, got \d+ or more$/);
    expect((await createHttp().get(url, { maxBytes: 65_536 })).body.byteLength).toBe(65_536);
  });

  test('keeps a signature out of messages', async () => {
    const url = await serve((request) => request.socket.destroy());
    const error = await failure(createHttp().get(`${url}/a?b=1&signature=abcdef`));
    expect(error.message).toContain('/a?b=1 gave');
    expect(error.message).not.toContain('abcdef');
  });
});
