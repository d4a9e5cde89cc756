import { GetParametersCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { ApiKey, Secrets } from '../../ports.ts';

/** Names of the SecureString parameters that hold the two halves of the exchange API key. */
interface SsmSecretsProps {
  readonly keyParameter: string;
  readonly secretParameter: string;
}

/** The exchange API key from SSM, read once; undefined if either parameter is absent. */
export function ssmSecrets(props: SsmSecretsProps, client: SSMClient = new SSMClient({})): Secrets {
  let read: Promise<ApiKey | undefined> | undefined;
  return {
    apiKey() {
      read ??= readApiKey(props, client).catch((error: unknown) => {
        // A failure is not an answer: the next call asks again.
        read = undefined;
        throw error;
      });
      return read;
    },
  };
}

async function readApiKey(
  { keyParameter, secretParameter }: SsmSecretsProps,
  client: SSMClient,
): Promise<ApiKey | undefined> {
  const answer = await client.send(
    new GetParametersCommand({ Names: [keyParameter, secretParameter], WithDecryption: true }),
  );
  const named = (name: string) => answer.Parameters?.find((parameter) => parameter.Name === name)?.Value;
  const key = named(keyParameter);
  const secret = named(secretParameter);
  return key && secret ? { key, secret } : undefined;
}
