import { AppError } from '../kernel/errors.ts';

/** Makes a key that nobody guesses, on any system that the program runs on. */
export const NEW_KEY_COMMAND = "node -p \"'S7_API_KEY=' + require('node:crypto').randomBytes(32).toString('hex')\"";

/**
 * Refuses to serve others without a key.
 * @throws AppError `public_url_without_key`
 */
export function refuseUnguarded({ publicUrl, apiKey }: { publicUrl: string | undefined; apiKey: string | undefined }): void {
  if (publicUrl !== undefined && apiKey === undefined) throw new AppError('public_url_without_key', { command: NEW_KEY_COMMAND });
}
