import { expect, test } from 'vitest';
import { answerBank, BANK_PATH } from './bank/bank.ts';
import { isPublished, ratesOn } from './bank/series.ts';

const file = (name: string, at = '2026-11-30T12:00:00Z') =>
  answerBank({ method: 'GET', path: `${BANK_PATH}/${name}` }, Temporal.Instant.from(at))!;

test('the bank publishes on its working days, at four in the afternoon of Frankfurt', () => {
  // Easter 2026 is on 5 April.
  expect(
    ['2026-04-02', '2026-04-03', '2026-04-06', '2026-04-07', '2026-05-01', '2026-11-28', '2026-12-25', '2026-12-28'].filter(isPublished),
  ).toEqual(['2026-04-02', '2026-04-07', '2026-12-28']);
  const newest = (at: string): string => /time="([^"]*)"/.exec(String(file('eurofxref-daily.xml', at).body))![1]!;
  // On a Monday before and after 16:00 CET.
  expect([newest('2026-11-30T14:59:00Z'), newest('2026-11-30T15:00:00Z')]).toEqual(['2026-11-27', '2026-11-30']);
});

test('a rate is a function of its day, in every file the same', () => {
  const [, usd] = ratesOn('2026-11-26').find(([currency]) => currency === 'USD')!;
  expect(String(file('eurofxref-hist-90d.xml').body)).toContain(`<Cube time="2026-11-26"><Cube currency="USD" rate="${usd}"/>`);
  expect(String(file('eurofxref-hist.csv').body)).toContain(`\n2026-11-26,${usd},`);
  expect(String(file('eurofxref-hist.csv').body).split('\n')[0]).toBe(
    'Date,USD,JPY,GBP,MXN,BRL,CHF,CNY,CZK,DKK,HUF,IDR,MYR,PHP,PLN,RON,SEK,SGD,THB,',
  );
  // Within ten percent of what it began with, and never the same for long.
  const year = Array.from({ length: 365 }, (_, at) =>
    Number(ratesOn(Temporal.PlainDate.from('2026-01-01').add({ days: at }).toString())[0]![1]),
  );
  expect(Math.min(...year)).toBeGreaterThan(1);
  expect(Math.max(...year)).toBeLessThan(1.25);
  expect(new Set(year).size).toBeGreaterThan(200);
});

test('what is none of its files is not found, and no other path is its own', () => {
  expect(file('eurofxref.pdf').status).toBe(404);
  expect(answerBank({ method: 'GET', path: '/order/202309/orders' }, Temporal.Now.instant())).toBeUndefined();
});
