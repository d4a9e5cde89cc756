import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { memoryS3 } from '../support/memory-s3.ts';

/** As much of S3, Glue and SSM as the functions use, in memory. Any other request gets 501. */
export interface StandInAws {
  readonly url: string;
  /** Objects of every bucket, by `bucket/key`. */
  readonly objects: Map<string, Uint8Array>;
  /** Values of the partitions made, as `table/market/symbol/interval/period`. */
  readonly partitions: string[];
  /** Name of the error that SSM answers with; undefined: it has no parameters. */
  ssmError: string | undefined;
  /** Tables whose partitions Glue refuses. */
  readonly refused: Set<string>;
  close(): void;
}

interface Answer {
  readonly status: number;
  readonly body: string | Uint8Array;
}

export async function startStandInAws(): Promise<StandInAws> {
  const s3 = memoryS3();
  const partitions: string[] = [];
  const refused = new Set<string>();

  function answerTarget(target: string, input: Record<string, unknown>): Answer {
    const json = (body: unknown): Answer => ({ status: 200, body: JSON.stringify(body) });
    if (target === 'AmazonSSM.GetParameters' && aws.ssmError !== undefined) {
      return { status: 400, body: JSON.stringify({ __type: aws.ssmError, message: 'Rate exceeded' }) };
    }
    if (target === 'AmazonSSM.GetParameters') return json({ Parameters: [], InvalidParameters: input['Names'] });
    if (target === 'AWSGlue.GetTable') return json({ Table: { Name: input['Name'], StorageDescriptor: {} } });
    if (target === 'AWSGlue.GetPartitions') return json({ Partitions: [] });
    if (target === 'AWSGlue.GetPartitionIndexes') return json({ PartitionIndexDescriptorList: [] });
    if (target === 'AWSGlue.CreatePartitionIndex') return json({});
    if (target !== 'AWSGlue.BatchCreatePartition') return { status: 501, body: target };
    if (refused.has(String(input['TableName']))) {
      const body = { __type: 'AccessDeniedException', Message: 'Insufficient Lake Formation permission(s)' };
      return { status: 400, body: JSON.stringify(body) };
    }
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
          : s3.answer({ method: request.method!, url: new URL(request.url!, 'http://stand-in'), body });
      response.writeHead(status).end(answer);
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const aws: StandInAws = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    objects: s3.objects,
    partitions,
    ssmError: undefined,
    refused,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
  return aws;
}

async function bodyOf(request: IncomingMessage): Promise<Uint8Array> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
