/** What an error body of the exchange says: the `msg` of its JSON, or the beginning of one that is none (the CDN's HTML). */
export function exchangeWords(body: Uint8Array): string {
  const text = new TextDecoder().decode(body.subarray(0, 2_000));
  try {
    const { msg } = JSON.parse(text) as { msg?: unknown };
    if (typeof msg === 'string') return oneLine(msg);
  } catch {
    // Not JSON: its beginning has to do.
  }
  return oneLine(text.replaceAll(/<[^>]*>/g, ' ')).slice(0, 120);
}

/** Control characters would move the cursor of whoever reads them. */
function oneLine(text: string): string {
  return text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();
}
