/**
 * Preloaded into every Node process of the documents' commands: the exchange is out of reach, also on a machine that
 * has a connection. Servers on this machine stay in reach, for the simulated exchange is one.
 */
const reach = globalThis.fetch;

/** @type {typeof fetch} */
async function fetchOnThisMachine(input, init) {
  const { hostname } = new URL(input instanceof Request ? input.url : input);
  if (hostname === '127.0.0.1' || hostname === 'localhost') return reach(input, init);
  throw new TypeError('fetch failed', { cause: new Error(`getaddrinfo ENOTFOUND ${hostname}`) });
}

Object.assign(globalThis, { fetch: fetchOnThisMachine });
