/** The page with the tables of a session, and the parts of the session that the page has no place for. */
export interface FilledPage {
  readonly page: string;
  readonly homeless: readonly string[];
}

/**
 * Puts each part of a session into its block of a page, between `<!-- bench pipeline -->` and `<!-- end -->`.
 * @param session Markdown in which a part begins with `### ` and its name. Text before the first part is left out.
 */
export function fillPage(page: string, session: string): FilledPage {
  const homeless: string[] = [];
  let filled = page;
  const [, ...parts] = session.split(/^### /m);
  for (const part of parts) {
    const name = part.slice(0, part.indexOf('\n'));
    const block = new RegExp(`(<!-- bench ${name} -->\n)[^]*?(<!-- end -->)`);
    if (!block.test(filled)) homeless.push(name);
    const tables = part.slice(name.length).trim();
    filled = filled.replace(block, (_, begin: string, end: string) => `${begin}\n${tables}\n\n${end}`);
  }
  return { page: filled, homeless };
}
