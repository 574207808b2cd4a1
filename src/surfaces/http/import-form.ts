import type { Multipart, MultipartFile } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { z } from 'zod';
import { NO_JSON } from '../../kernel/problem.ts';
import { AppError } from '../../kernel/errors.ts';
import { parseJson } from '../../kernel/json.ts';
import { LIMITS, overLimit } from '../../kernel/limits.ts';

/** The file of a form. */
export const fileField = z.file().meta({ type: 'string', format: 'binary' }).describe('The file.');

/** The form of an import; `mapping` may be a text or a file. */
export const importForm = z.strictObject({
  // The example is what Swagger UI sends when nothing is typed in.
  mapping: z.string().optional().meta({ example: '' }).describe('JSON: which column holds what. Has to stand before the file.'),
  file: fileField,
});

/** A file of a form. */
export interface FormFile {
  readonly file: string;
  readonly source: Readable;
}

/** A form as far as it can be known before its file is read. */
export interface ImportForm extends FormFile {
  readonly bytesRead: () => number;
  readonly mapping: unknown;
  /** The files behind it, where several may be: each has to be read to its end before the next is asked for. */
  rest(): AsyncGenerator<FormFile>;
}

const LONGEST_NAME = 200;

/**
 * Reads a form up to its file, which streams.
 * @param parameters what can be said in the address, to help who says it in the form
 * @throws AppError `body_not_understood`, `unknown_parameter`, `mapping_invalid`, `invalid_parameter` without a file, `limit_exceeded`
 */
export async function readForm(request: FastifyRequest, parameters: readonly string[], { several = false } = {}): Promise<ImportForm> {
  if (!request.isMultipart()) throw new AppError('body_not_understood');
  const parts = partsOf(request);
  const known = [...Object.keys(importForm.shape), ...parameters.map((name) => `?${name}=`)];
  let mapping: unknown;
  for (;;) {
    const { value: part } = await parts.next();
    if (part?.fieldname === 'mapping') {
      mapping = await readMapping(part);
    } else if (part?.fieldname === 'file' && part.type === 'file') {
      return { ...filesFrom(part, parts, { known, several }), mapping };
    } else {
      throw part && part.fieldname !== 'file'
        ? new AppError('unknown_parameter', { names: [part.fieldname], known })
        : new AppError('invalid_parameter', { name: 'file', problem: { en: 'is missing', zh: '缺失', es: 'falta' } });
    }
  }
}

async function* partsOf(request: FastifyRequest): AsyncGenerator<Multipart, undefined> {
  try {
    yield* request.parts() as AsyncIterable<Multipart>;
  } catch (error) {
    throw new AppError('body_not_understood', {}, { cause: error });
  }
  return undefined;
}

async function readMapping(part: Multipart): Promise<unknown> {
  const value = part.type === 'file' ? await readText(part.file) : part.value;
  if (part.type === 'field' && (part.valueTruncated || (typeof value === 'string' && value.length > LIMITS.mapping_characters.most)))
    throw overLimit('mapping_characters');
  if (value === '') return undefined;
  // A part that calls itself JSON has been parsed already.
  const mapping = typeof value === 'string' ? parseJson(value) : value;
  if (mapping === undefined) throw new AppError('mapping_invalid', { path: '(top)', problem: NO_JSON });
  return mapping;
}

/** A file and those behind it, each found when the one before is read. */
function filesFrom(
  first: MultipartFile,
  parts: AsyncGenerator<Multipart, undefined>,
  { known, several }: { known: readonly string[]; several: boolean },
): Omit<ImportForm, 'mapping'> {
  let waiting: MultipartFile | undefined;
  let bytes = 0;
  /** The file's bytes; what follows it is refused before anything is written: `dry_run` after the file would come too late. */
  const upToTheEnd = async function* (part: MultipartFile): AsyncGenerator<Buffer> {
    for await (const chunk of part.file as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      yield chunk;
    }
    const { value: next } = await parts.next();
    if (next?.fieldname === 'file' && next.type === 'file' && several) waiting = next;
    else if (next?.fieldname === 'file')
      throw new AppError('invalid_parameter', {
        name: 'file',
        problem: { en: 'one file at a time', zh: '一次一个文件', es: 'un archivo cada vez' },
      });
    else if (next?.fieldname === 'mapping')
      throw new AppError('invalid_parameter', {
        name: 'mapping',
        problem: { en: 'has to stand before the file', zh: '应在文件之前', es: 'debe ir antes del archivo' },
      });
    else if (next) throw new AppError('unknown_parameter', { names: [next.fieldname], known });
  };
  const opened = (part: MultipartFile): FormFile => ({
    file: basename(part.filename || 'file').slice(0, LONGEST_NAME),
    source: Readable.from(upToTheEnd(part)),
  });
  return {
    ...opened(first),
    bytesRead: () => bytes,
    async *rest() {
      for (let part = waiting; part; part = waiting) {
        waiting = undefined;
        yield opened(part);
      }
    },
  };
}

async function readText(file: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of file as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LIMITS.mapping_characters.most) throw overLimit('mapping_characters');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
