/** Breaks a line at spaces; what follows is indented. A word that is longer than the line stays whole. */
export function wrap(line: string, width: number, indent: number): string[] {
  const lines: string[] = [];
  let rest = line;
  while (rest.length > width) {
    const firstWord = rest.search(/\S/);
    let at = rest.lastIndexOf(' ', width);
    if (at < firstWord) at = rest.indexOf(' ', firstWord);
    if (at < 0) break;
    lines.push(rest.slice(0, at));
    rest = ' '.repeat(indent) + rest.slice(at + 1);
  }
  return [...lines, rest];
}

/** One line, whatever was put in it: line ends and control characters, which move a terminal's cursor, are spaces. */
export function oneLine(text: string): string {
  return text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();
}

/** HTML tags and what is never shown of a page. The sign that stands for a key that was left out is no tag. */
const MARKUP = /<(style|script)\b[\s\S]*?<\/\1>|<!--[\s\S]*?-->|<(?!API key>)[!/]?[a-z][^<>]*(>|$)/gi;

/** What a server said, in one line: of a page (the CDN's refusals are some) its words alone. */
export function plainWords(text: string): string {
  return oneLine(text.replaceAll(MARKUP, ' '));
}

/** Addresses by host and file, without what they ask for; the run's report has them whole. */
export function shortUrls(text: string): string {
  return text.replaceAll(/(https?:\/\/[^/\s]+\/)([^\s?]*\/)?([^\s?/]*)(\?\S*)?/g, (_, host, path, file, query) =>
    [host, path && '…/', file, query && '?…'].filter(Boolean).join(''),
  );
}
