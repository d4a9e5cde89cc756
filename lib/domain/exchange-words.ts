/** What an error body of the exchange says: the `msg` of its JSON, or the beginning of one that is none (the CDN's HTML). */
export function exchangeWords(body: Uint8Array): string {
  const text = new TextDecoder().decode(body.subarray(0, 2_000));
  try {
    const { msg } = JSON.parse(text) as { msg?: unknown };
    if (typeof msg === 'string') return msg;
  } catch {
    // Not JSON: its beginning has to do.
  }
  return text
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, 120);
}
