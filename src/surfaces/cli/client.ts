import { randomUUID } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { access } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { AppError, type ErrorBody } from '../../kernel/errors.ts';
import type { Language } from '../../kernel/messages.ts';
import { addressOf, type Answer, type Body, type Given, type Url } from './api.ts';
import type { ShownEvent } from '../http/sync-routes.ts';
import type { Connection } from './running-server.ts';

/** An error that the server gave, in its words. */
export class ServerError extends Error {
  readonly body: ErrorBody;

  constructor(body: ErrorBody) {
    super(body.msg);
    this.name = 'ServerError';
    this.body = body;
  }
}

/** How far an import has come, as the server tells it. */
export interface Progress {
  readonly phase: 'read' | 'write';
  readonly bytes: number;
  readonly rows: number;
  /** How many rows there are to write, and the orders written of them. */
  readonly total?: number;
  readonly orders?: number;
}

const CHUNK_BYTES = 256 * 1024;

/** Talks to the HTTP API: every command goes this way. */
export class Client {
  readonly #connection: Connection;
  /** In which the server is asked to speak. */
  readonly language: Language;

  constructor(connection: Connection, language: Language) {
    this.#connection = connection;
    this.language = language;
  }

  /** The JSON at an address. @throws ServerError */
  async get<const U extends Url<'GET'>>(url: U, given?: Given): Promise<Answer<'GET', U>> {
    return (await this.ask(addressOf(url, given))) as Answer<'GET', U>;
  }

  /** The JSON at a path that is made elsewhere. @throws ServerError */
  async ask(path: string): Promise<Record<string, unknown>> {
    return this.#call(
      path,
      { headers: { accept: 'application/json' } },
      async (answer) => (await answer.json()) as Record<string, unknown>,
    );
  }

  /** What is being fetched, each step as it comes, until the server or the signal ends them. @throws ServerError */
  async events(onEvent: (event: ShownEvent) => void, signal?: AbortSignal): Promise<void> {
    const url: Url<'GET'> = '/api/sync';
    await this.#call(url, { headers: { accept: 'text/event-stream' }, ...(signal ? { signal } : {}) }, async (answer) => {
      for await (const line of linesOf(answer))
        if (line.startsWith('data: ')) onEvent(JSON.parse(line.slice('data: '.length)) as ShownEvent);
    });
  }

  /** The text at a path, its byte order mark too: without it Excel takes a CSV for another encoding. @throws ServerError */
  async text(path: string): Promise<string> {
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(await this.bytes(path));
  }

  /** The first lines of the text at a path; what follows is not waited for. @throws ServerError */
  async firstLines(path: string, count: number): Promise<string[]> {
    return this.#call(path, {}, async (answer) => {
      const lines: string[] = [];
      for await (const line of linesOf(answer)) if (lines.push(line) === count) break;
      return lines;
    });
  }

  /** What is at a path, byte for byte. @throws ServerError */
  async bytes(path: string): Promise<Uint8Array> {
    return this.#call(path, {}, async (answer) => new Uint8Array(await answer.arrayBuffer()));
  }

  /** Sends JSON. @throws ServerError */
  async post<const U extends Url<'POST'>>(url: U, body: Body<U>, given?: Given): Promise<Answer<'POST', U>> {
    return this.#call(addressOf(url, given), jsonOf(body), async (answer) => (await answer.json()) as Answer<'POST', U>);
  }

  /** Sends files to be brought home, straight from the disk, and tells of its progress. @throws ServerError, AppError `file_missing` */
  async importFile<const U extends Url<'POST'>>(
    url: U,
    { files, mapping, ...given }: Given & { readonly files: readonly string[]; readonly mapping?: string | undefined },
    onProgress: (progress: Progress) => void,
  ): Promise<Answer<'POST', U>> {
    return this.#narrated(addressOf(url, given), await this.#formWith(files, mapping), onProgress);
  }

  /** Asks for something that takes long, and tells of its progress. @throws ServerError */
  async narrated<const U extends Url<'POST'>, P>(url: U, body: Body<U>, onProgress: (progress: P) => void): Promise<Answer<'POST', U>> {
    return this.#narrated(url, jsonOf(body), onProgress);
  }

  /** Sends JSON that is answered when long work is done; however long, the server is not taken for gone. @throws ServerError */
  async postLong<const U extends Url<'POST'>>(url: U, body: Body<U>): Promise<Answer<'POST', U>> {
    return this.narrated(url, body, () => undefined);
  }

  /** Sends a file straight from the disk. @throws ServerError, AppError `file_missing` */
  async sendFile<const U extends Url<'POST'>>(url: U, file: string): Promise<Answer<'POST', U>> {
    return this.#call(url, await this.#formWith([file], undefined), async (answer) => (await answer.json()) as Answer<'POST', U>);
  }

  async #narrated<T, P>(path: string, init: RequestInit, onProgress: (progress: P) => void): Promise<T> {
    const headers = { ...(init.headers as Record<string, string>), accept: 'application/x-ndjson' };
    return this.#call(path, { ...init, headers }, async (answer) => {
      for await (const line of linesOf(answer)) {
        const { progress, error, result } = JSON.parse(line) as { progress?: P; error?: ErrorBody; result?: T };
        if (progress) onProgress(progress);
        if (error) throw new ServerError(error);
        if (result !== undefined) return result;
      }
      throw new Error('the answer ends without a result');
    });
  }

  async #formWith(files: readonly string[], mapping: string | undefined): Promise<RequestInit> {
    for (const file of files) {
      await access(file, constants.R_OK).catch((error: unknown) => {
        throw new AppError('file_missing', { file }, { cause: error });
      });
    }
    const boundary = `s7-${randomUUID()}`;
    const body = Readable.toWeb(Readable.from(formOf(files, mapping, boundary))) as ReadableStream;
    return { method: 'POST', duplex: 'half', body, headers: { 'content-type': `multipart/form-data; boundary=${boundary}` } };
  }

  /** Calls and reads the answer; a server that goes away in the middle of it is as gone as one that never answered. */
  async #call<T>(path: string, init: RequestInit, read: (answer: Response) => Promise<T>): Promise<T> {
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${this.#connection.key}`);
    headers.set('accept-language', this.language);
    try {
      const answer = await fetch(`${this.#connection.url}${path}`, { ...init, headers });
      if (!answer.ok) throw new ServerError((await answer.json()) as ErrorBody);
      return await read(answer);
    } catch (error) {
      if (error instanceof ServerError) throw error;
      throw new AppError('server_unreachable', { url: this.#connection.url }, { cause: error });
    }
  }
}

function jsonOf(body: unknown): RequestInit {
  if (body === undefined) return { method: 'POST' };
  return { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
}

/** The form of an import, piece by piece: given a FormData, fetch would gather the whole file in memory. */
async function* formOf(files: readonly string[], mapping: string | undefined, boundary: string): AsyncGenerator<Buffer> {
  const part = (headers: string): Buffer => Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; ${headers}\r\n\r\n`);
  if (mapping !== undefined) yield Buffer.concat([part('name="mapping"'), Buffer.from(`${mapping}\r\n`)]);
  for (const file of files) {
    yield part(`name="file"; filename="${basename(file).replace(/["\r\n]/g, '_')}"\r\nContent-Type: application/octet-stream`);
    yield* createReadStream(file, { highWaterMark: CHUNK_BYTES }) as AsyncIterable<Buffer>;
    yield Buffer.from('\r\n');
  }
  yield Buffer.from(`--${boundary}--\r\n`);
}

async function* linesOf(answer: Response): AsyncGenerator<string> {
  let rest = '';
  for await (const text of answer.body!.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split('\n');
    rest = lines.pop()!;
    for (const line of lines) if (line) yield line;
  }
  if (rest) yield rest;
}
