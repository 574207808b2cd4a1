import { expect, test } from 'vitest';
import { fill } from './messages.ts';

const text = {
  en: '{shop}: {count|order waits|orders wait}',
  zh: '{shop}：{count} 个订单等待中',
  es: '{shop}: {count|pedido espera|pedidos esperan}',
};

test('a count brings the form that goes with it, in the languages that have two', () => {
  expect(fill(text, 'en', { shop: 'Sol', count: 1 })).toBe('Sol: 1 order waits');
  expect(fill(text, 'en', { shop: 'Sol', count: 0 })).toBe('Sol: 0 orders wait');
  expect(fill(text, 'es', { shop: 'Sol', count: 21 })).toBe('Sol: 21 pedidos esperan');
  expect(fill(text, 'zh', { shop: 'Sol', count: 1 })).toBe('Sol：1 个订单等待中');
});

test('what is not told stays visible', () => {
  expect(fill(text, 'en', {})).toBe('{shop}: {count} orders wait');
});

test('numbers and lists are written as each language does', () => {
  const told = { en: '{rate}% of {days}: {names}', zh: '{days} 天的 {rate}%：{names}', es: '{rate}\u00a0% de {days}: {names}' };
  const values = { rate: 33.5, days: 12345, names: ['A', 'B'] };
  expect(fill(told, 'en', values)).toBe('33.5% of 12,345: A, B');
  expect(fill(told, 'zh', values)).toBe('12,345 天的 33.5%：A、B');
  expect(fill(told, 'es', values)).toBe('33,5\u00a0% de 12.345: A, B');
});
