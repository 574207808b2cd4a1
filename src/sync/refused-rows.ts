import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { RowRefused, type RefusalReason } from '../platforms/file-preset.ts';

/** Where refused rows are listed, if anywhere, and in which words. */
export interface RefusedRowsRequest {
  readonly refusedFile?: string | undefined;
  readonly describe: (reason: RefusalReason) => string;
}

/** Counts refused rows and lists them in a file: where, which column, why; never the cell itself. */
export class RefusedRows {
  count = 0;
  readonly #request: RefusedRowsRequest;
  readonly #reasons = new Map<string, number>();
  #file: ReturnType<typeof createWriteStream> | undefined;

  constructor(request: RefusedRowsRequest) {
    this.#request = request;
  }

  /** Takes note of a refused row; any other error is passed on. */
  add(error: unknown, line: number): void {
    if (!(error instanceof RowRefused)) throw error;
    this.count += 1;
    this.#reasons.set(error.reason, (this.#reasons.get(error.reason) ?? 0) + 1);
    if (!this.#request.refusedFile) return;
    if (!this.#file) {
      this.#file = createWriteStream(this.#request.refusedFile, { mode: 0o600 });
      this.#file.write('\uFEFFline,column,reason\n');
    }
    this.#file.write(`${line},"${error.column.replaceAll('"', '""')}","${this.#request.describe(error.reason)}"\n`);
  }

  reasons(): Record<string, number> {
    return Object.fromEntries(this.#reasons);
  }

  async close(): Promise<void> {
    if (!this.#file || this.#file.closed) return;
    this.#file.end();
    await once(this.#file, 'close');
  }
}
