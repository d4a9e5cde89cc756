import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** As much of S3, Glue and SSM as the functions use, in memory. Whoever asks for anything else gets 501. */
export interface StandInAws {
  readonly url: string;
  /** Objects of every bucket, by `bucket/key`. */
  readonly objects: Map<string, Uint8Array>;
  /** Values of the partitions made, as `table/market/symbol/interval/period`. */
  readonly partitions: string[];
  close(): void;
}

interface Answer {
  readonly status: number;
  readonly body: string | Uint8Array;
}

export async function startStandInAws(): Promise<StandInAws> {
  const objects = new Map<string, Uint8Array>();
  const partitions: string[] = [];

  function answerS3(method: string, url: URL, body: Uint8Array): Answer {
    const path = decodeURIComponent(url.pathname.slice(1));
    if (method === 'PUT') {
      objects.set(path, body);
      return { status: 200, body: '' };
    }
    const prefix = url.searchParams.get('prefix');
    if (prefix === null) {
      const found = objects.get(path);
      return found ? { status: 200, body: found } : { status: 404, body: '<Error><Code>NoSuchKey</Code></Error>' };
    }
    const bucket = path.replace(/\/$/, '');
    const entries = [...objects]
      .filter(([name]) => name.startsWith(`${bucket}/${prefix}`))
      .map(
        ([name, { length }]) =>
          `<Contents><Key>${name.slice(bucket.length + 1)}</Key><Size>${length}</Size></Contents>`,
      )
      .sort();
    return {
      status: 200,
      body: `<ListBucketResult><IsTruncated>false</IsTruncated>${entries.join('')}</ListBucketResult>`,
    };
  }

  function answerTarget(target: string, input: Record<string, unknown>): Answer {
    const json = (body: unknown): Answer => ({ status: 200, body: JSON.stringify(body) });
    if (target === 'AmazonSSM.GetParameters') return json({ Parameters: [], InvalidParameters: input['Names'] });
    if (target === 'AWSGlue.GetTable') return json({ Table: { Name: input['Name'], StorageDescriptor: {} } });
    if (target !== 'AWSGlue.BatchCreatePartition') return { status: 501, body: target };
    for (const { Values } of input['PartitionInputList'] as { Values: string[] }[]) {
      partitions.push([input['TableName'], ...Values].join('/'));
    }
    return json({ Errors: [] });
  }

  const server = createServer((request, response) => {
    bodyOf(request).then((body) => {
      const target = request.headers['x-amz-target'];
      const { status, body: answer } =
        typeof target === 'string'
          ? answerTarget(target, JSON.parse(Buffer.from(body).toString('utf8')))
          : answerS3(request.method!, new URL(request.url!, 'http://stand-in'), body);
      response.writeHead(status).end(answer);
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    objects,
    partitions,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<Uint8Array> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
