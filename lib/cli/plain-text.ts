/** Returns the text as one line. Line ends and control characters, which move a terminal's cursor, become spaces. */
export function oneLine(text: string): string {
  return text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();
}

/**
 * HTML tags and the parts of a page that are never shown. `<API key>`, which replaces a key in a message, is no tag.
 */
const MARKUP = /<(style|script)\b[\s\S]*?<\/\1>|<!--[\s\S]*?-->|<(?!API key>)[!/]?[a-z][^<>]*(>|$)/gi;

/** Returns a server's answer as one line. Of an HTML page, such as a refusal of the CDN, only the words remain. */
export function plainWords(text: string): string {
  return oneLine(text.replaceAll(MARKUP, ' '));
}

/** Shortens each URL to its host and file name. The report of the run has the whole URLs. */
export function shortUrls(text: string): string {
  return text.replaceAll(/(https?:\/\/[^/\s]+\/)([^\s?]*\/)?([^\s?/]*)(\?\S*)?/g, (_, host, path, file, query) =>
    [host, path && '…/', file, query && '?…'].filter(Boolean).join(''),
  );
}
