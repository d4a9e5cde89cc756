import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type MemoryS3, memoryS3, type S3Answer, s3Error } from '../../support/memory-s3.ts';

/** The connection is cut, or falls silent, after half of the body; or all of it comes with one byte changed. */
export type BodyFault = 'cut_body' | 'stalled_body' | 'changed_byte';

/** The fault of one answer of a bucket. */
export type S3Fault =
  /** A refusal, with S3's own word for it; nothing is done. Without a word, the body of a gateway on the way. */
  | { readonly kind: 'refused'; readonly status: number; readonly code?: string }
  /** The connection is cut, and nothing is done. */
  | { readonly kind: 'reset' }
  /** It is done, and the connection is cut before the answer. */
  | { readonly kind: 'lost_response' }
  /** Nothing is done and nothing is said. */
  | { readonly kind: 'stall' }
  | { readonly kind: BodyFault };

export type S3Operation = 'get' | 'put' | 'list' | 'remove';

/** A request to a bucket. */
export interface S3Asked {
  readonly operation: S3Operation;
  /** Counts the requests of that operation, from 1. */
  readonly nth: number;
  /** The number of the attempt at the same request, from 1. */
  readonly attempt: number;
}

export interface MisbehavingS3 {
  readonly url: string;
  /** Objects of every bucket, by `bucket/key`. */
  readonly objects: MemoryS3['objects'];
  /** The requests, in order. */
  readonly requests: S3Operation[];
  /** Says what happens to a request. */
  fault: (asked: S3Asked) => S3Fault | undefined;
  close(): void;
}

/** A bucket over HTTP that does what a test wants to requests, and else what S3 does. */
export async function startMisbehavingS3(pageSize?: number): Promise<MisbehavingS3> {
  const s3 = memoryS3(pageSize);
  const requests: S3Operation[] = [];

  const server = createServer((request, response) => {
    bodyOf(request).then((body) => {
      const url = new URL(request.url!, 'http://bucket');
      const operation = operationOf(request.method!, url);
      requests.push(operation);
      const nth = requests.filter((one) => one === operation).length;
      const attempt = Number(/attempt=(\d+)/.exec(String(request.headers['amz-sdk-request']))![1]);
      const fault = bucket.fault({ operation, nth, attempt });
      const answer = () => s3.answer({ method: request.method!, url, body, headers: request.headers });
      if (fault) misbehave(fault, answer, response);
      else send(answer(), response);
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const bucket: MisbehavingS3 = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    objects: s3.objects,
    requests,
    fault: () => undefined,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
  return bucket;
}

function operationOf(method: string, url: URL): S3Operation {
  if (method === 'PUT') return 'put';
  if (method === 'DELETE') return 'remove';
  return url.searchParams.has('prefix') ? 'list' : 'get';
}

function send({ status, headers, body }: S3Answer, response: ServerResponse): void {
  response.writeHead(status, headers).end(body);
}

function misbehave(fault: S3Fault, answer: () => S3Answer, response: ServerResponse): void {
  switch (fault.kind) {
    case 'refused':
      send({ status: fault.status, body: fault.code ? s3Error(fault.code) : '<html>busy</html>' }, response);
      break;
    case 'reset':
      response.destroy();
      break;
    case 'lost_response':
      answer();
      response.destroy();
      break;
    case 'stall':
      break;
    default:
      sendBadly(fault.kind, answer(), response);
  }
}

function sendBadly(kind: BodyFault, { status, headers, body }: S3Answer, response: ServerResponse): void {
  const bytes = Buffer.from(body);
  const middle = bytes.length >> 1;
  response.writeHead(status, { ...headers, 'content-length': bytes.length });
  if (kind === 'changed_byte') {
    bytes[middle]! ^= 1;
    response.end(bytes);
    return;
  }
  response.write(bytes.subarray(0, middle), () => {
    if (kind === 'cut_body') response.destroy();
  });
}

async function bodyOf(request: IncomingMessage): Promise<Uint8Array> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
