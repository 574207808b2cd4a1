import { afterAll, beforeAll, describe } from 'vitest';
import { keepsClaims } from './claims.ts';
import { EngineWorld } from './engine-world.ts';
import { keepsItsPromises, type OpenedEngine } from './its-promises.ts';
import { keepsOrders } from './orders.ts';
import { keepsOrdersAnyhow } from './orders-anyhow.ts';
import { keepsRuns } from './runs.ts';
import { keepsShops } from './shops.ts';

/**
 * What every database has to do for us, whichever it is: its own promises (`Engine`), then the whole write path over it.
 * @param open gives it with today's tables and no rows; who opens it closes it
 * @param tries how many random histories each property is held to
 */
export function engineKeeps(open: () => Promise<OpenedEngine>, { tries }: { readonly tries: number }): void {
  const world = new EngineWorld();
  let opened: OpenedEngine;
  beforeAll(async () => {
    opened = await open();
    world.begin(opened.engine);
  });
  afterAll(() => world.isWhole());
  describe('the contract of a database', () => keepsItsPromises(world, () => opened));
  describe('orders', () => keepsOrders(world));
  describe('claims, price details and products', () => keepsClaims(world));
  describe('runs, imports and alerts', () => keepsRuns(world));
  describe('shops, documents and what is read again', () => keepsShops(world));
  describe('orders, anyhow', () => keepsOrdersAnyhow(world, tries));
}
