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
