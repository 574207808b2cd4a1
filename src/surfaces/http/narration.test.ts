import fastify from 'fastify';
import { expect, test } from 'vitest';
import { narrated, NDJSON } from './narration.ts';
import type { Asked } from './route.ts';

test('work that has nothing to tell for long still lets who waits hear something, and ends with its result', async () => {
  const app = fastify();
  const { promise: heard, resolve } = Promise.withResolvers<void>();
  app.get('/', (request, reply) =>
    narrated(
      { request, reply, language: 'en' } as Asked,
      async () => {
        await heard;
        return { data: [1] };
      },
      5,
    ),
  );
  const answer = await fetch(await app.listen({ host: '127.0.0.1', port: 0 }), { headers: { accept: NDJSON } });
  let text = '';
  for await (const piece of answer.body!.pipeThrough(new TextDecoderStream())) {
    text += piece;
    if (text.startsWith('\n')) resolve();
  }
  expect(text.trim()).toBe('{"result":{"code":0,"msg":"success","data":[1]}}');
  await app.close();
});
