import { UnexpectedFormat } from '../../domain/errors.ts';
import type { ApiKey, HttpAnswer } from '../../ports.ts';

/**
 * The answer without our own API key, which a server may repeat: a refusal's words go into messages and reports.
 * @throws UnexpectedFormat where an answer that would land has it, for what lands is never changed
 */
export function withoutKey(url: string, answer: HttpAnswer, apiKey: ApiKey | undefined): HttpAnswer {
  const words = apiKey ? [apiKey.key, apiKey.secret] : [];
  const body = Buffer.from(answer.body);
  const repeated = words.some((word) => body.includes(word) || JSON.stringify(answer.headers).includes(word));
  if (!repeated) return answer;
  if (answer.status === 200)
    throw new UnexpectedFormat(`${url} must answer with candles, got our API key in the answer`);
  const hide = (text: string) => words.reduce((hidden, word) => hidden.replaceAll(word, '<API key>'), text);
  const headers = Object.entries(answer.headers).map(([name, value]) => [name, hide(value)]);
  return { ...answer, headers: Object.fromEntries(headers), body: Buffer.from(hide(body.toString('utf8'))) };
}
