import { isSale, ORDER_STATUSES, stateOfRows, type Order, type OrderLine, type State } from './order.ts';

/** Who tells of an order, and how what it says is to be taken. */
export interface Teller {
  /**
   * `platform`: its own record, which holds every line. `whole`: a file whose rows are the lines of whole orders. `part`: a file of
   * parcels, or of what still waits, which holds some of the pieces.
   */
  readonly scope: 'platform' | 'whole' | 'part';
  /** Tellers of one kind call lines by the same names. */
  readonly kind: string;
  /** Of a file, its columns, those that are not kept empty; rows under other columns are other rows. */
  readonly header: readonly string[];
  /** Of a file, how it was read: with another mapping the same rows say something else. */
  readonly reading: string;
}

/** What one document says of an order. */
export interface OrderPart {
  readonly order: Order;
  readonly teller: Teller;
  /** The rows of a file, cell by cell; none of a platform's own record. */
  readonly rows: readonly (readonly string[])[];
}

/** A platform's own record, as it came by a call or was kept by an older system. */
export const PLATFORM_TELLER: Teller = { scope: 'platform', kind: 'platform', header: [], reading: '' };

/**
 * The one order that its parts tell of, in the order they were told: a pure function, so that reading the same documents again makes the
 * same order. What one does not know never erases what another told. The newer state wins; where no date of change decides, the platform's
 * own, then the one further on its way. The platform's record knows the lines and prices best, then the newest whole file; parcels never
 * take pieces away.
 */
export function joinParts(parts: readonly OrderPart[]): Order {
  const told = latestReadings(parts).map((part, i): Telling => ({ ...part, told: i }));
  const tellings = [...Map.groupBy(told, ({ teller }) => teller.kind).values()].map(ofOneKind).toSorted(byFacts);
  const [best, ...others] = tellings as [Telling, ...Telling[]];
  const lines = others
    .reduce((known, other) => withOther(known, best, other), best.order.lines)
    .map((line) => ({ ...line, ...stateOfLine(line, tellings) }));
  const order = others.reduce((known, other) => withFacts(known, other.order), best.order);
  const state = stateOfOrder(tellings);
  const withheld = new Set(
    parts.flatMap(({ order: { status, lines: told } }) =>
      told.filter((line) => isSale(status, line) && !line.sale).map(({ lineId }) => lineId),
    ),
  );
  const newest = tellings.toSorted(byState)[0]!.order;
  return {
    ...order,
    ...state,
    updatedAt: newest.updatedAt,
    lines: lines.map((line) => ({ ...line, sale: isSale(state.status, line) && (Boolean(line.netSales) || !withheld.has(line.lineId)) })),
  };
}

/** The parts that are needed: without any one of them the order would be another. In the order they were told. */
export function partsThatTell(parts: readonly OrderPart[]): readonly OrderPart[] {
  let needed = latestReadings(parts);
  if (needed.length === 1) return needed;
  const whole = shown(joinParts(needed));
  // What was needed beside a part may be spared once that part is: the search begins anew until nothing goes.
  for (let before = 0; before !== needed.length;) {
    before = needed.length;
    for (const part of bestFirst(needed).toReversed()) {
      const without = needed.filter((each) => each !== part);
      if (without.length > 0 && shown(joinParts(without)) === whole) needed = without;
    }
  }
  return needed;
}

/** The part that knows the order best. */
export function bestPart(parts: readonly OrderPart[]): OrderPart {
  return bestFirst(parts)[0]!;
}

/** A source's word on an order; `told` is its place in the order of telling. */
interface Telling extends Pick<OrderPart, 'order' | 'teller'> {
  readonly told: number;
}

const SCOPES: readonly Teller['scope'][] = ['platform', 'whole', 'part'];

function bestFirst(parts: readonly OrderPart[]): OrderPart[] {
  return parts
    .map((part, told) => ({ ...part, part, told }))
    .toSorted(byFacts)
    .map(({ part }) => part);
}

/** Who knows prices, lines and people best, first. */
function byFacts(a: Telling, b: Telling): number {
  return SCOPES.indexOf(a.teller.scope) - SCOPES.indexOf(b.teller.scope) || byState(a, b);
}

/** Who knows the newest state, first. */
function byState(a: Telling, b: Telling): number {
  return (
    Temporal.Instant.compare(b.order.updatedAt, a.order.updatedAt) ||
    Number(b.teller.scope === 'platform') - Number(a.teller.scope === 'platform') ||
    howFar(b.order) - howFar(a.order) ||
    b.told - a.told
  );
}

/** How far on its way a state is: of two without a date it is the later one. */
function howFar({ status, outcome }: State): number {
  const place = status === 'unknown' ? -1 : ORDER_STATUSES.indexOf(status);
  return 2 * place + (outcome === 'none' ? 0 : 1);
}

/**
 * Without what was told before in the same words, and the rows that were told again and are read otherwise now: a mended mapping says what
 * they mean.
 */
function latestReadings(parts: readonly OrderPart[]): readonly OrderPart[] {
  return parts.filter(
    (part, i) =>
      !parts.slice(0, i).some((earlier) => isSameTelling(earlier, part)) &&
      !parts.slice(i + 1).some((later) => isAnotherReading(part, later)),
  );
}

function isSameTelling({ teller: a, order }: OrderPart, { teller: b, order: again }: OrderPart): boolean {
  return a.kind === b.kind && a.reading === b.reading && agree(a.header, b.header) && shown(order) === shown(again);
}

function isAnotherReading({ teller: a, rows }: OrderPart, { teller: b, rows: again }: OrderPart): boolean {
  if (rows.length === 0 || rows.length !== again.length || a.reading === b.reading || !agree(a.header, b.header)) return false;
  return rows.every((row, i) => agree(row, again[i]!));
}

/** Whether cells are the same as far as both are kept: a mapping that does not name a column keeps no cell of it. */
function agree(cells: readonly string[], others: readonly string[]): boolean {
  return cells.length === others.length && cells.every((cell, i) => cell === others[i] || cell === '' || others[i] === '');
}

/**
 * The order that the documents of one kind tell of. A line that a newer one leaves out stays: exports list what was cancelled, so it was
 * not asked for.
 */
function ofOneKind(parts: readonly Telling[]): Telling {
  const sorted = parts.toSorted(byState);
  const [best, ...others] = sorted as [Telling, ...Telling[]];
  if (others.length === 0) return best;
  const facts = others.reduce((known, { order }) => withFacts(known, order), best.order);
  if (best.teller.scope === 'platform') return { ...best, order: facts };
  const lines = others.reduce((known, { order }) => withLines(known, order.lines, sameMoney(best.order, order)), best.order.lines);
  if (lines.length === best.order.lines.length) return { ...best, order: { ...facts, lines } };
  const asNew = sorted.filter(({ order }) => Temporal.Instant.compare(order.updatedAt, best.order.updatedAt) === 0);
  const states = (asNew.some(({ order }) => order.status !== 'cancelled') ? asNew : sorted).map(
    ({ order: { status, outcome, platformStatus } }) => ({ status, outcome, platformStatus }),
  );
  return { ...best, order: { ...facts, lines, ...stateOfRows(states, lines) } };
}

/** Lines with what other lines of the same kind know beside them: the same one by its id, or by product where a name was made of it. */
function withLines(lines: readonly OrderLine[], others: readonly OrderLine[], money: boolean): readonly OrderLine[] {
  const known = [...lines];
  const ids = new Set(others.map(({ lineId }) => lineId));
  const free = new Set(known.keys().filter((i) => !ids.has(known[i]!.lineId)));
  for (const other of others) {
    let at = lines.findIndex(({ lineId }) => lineId === other.lineId);
    if (at === -1)
      at = free.keys().find((i) => isSameProduct(known[i]!, other) && (isNamedByProduct(known[i]!) || isNamedByProduct(other))) ?? -1;
    free.delete(at);
    if (at === -1) known.push(other);
    else known[at] = withTold(known[at]!, other, { money, returns: true });
  }
  return known;
}

/**
 * Lines with what another source knows of their products; its own products come in where it speaks of whole orders and the same products.
 */
function withOther(
  lines: readonly OrderLine[],
  { order: best, teller: { scope } }: Telling,
  { order, teller }: Telling,
): readonly OrderLine[] {
  const money = sameMoney(best, order);
  let known = byProduct(order.lines).reduce((so, theirs) => {
    const own = so.filter((line) => isSameProduct(line, theirs[0]!));
    if (own.length === 0) return so;
    const fits = own.length === theirs.length && own.every(({ quantity }, i) => quantity === theirs[i]!.quantity);
    if (scope === 'part' && money && piecesOf(theirs) > piecesOf(own)) return [...so.filter((line) => !own.includes(line)), ...theirs];
    return so.map((line) =>
      own.includes(line)
        ? withTold(line, fits ? theirs[own.indexOf(line)]! : theirs[0]!, { money: money && fits, returns: fits && scope !== 'platform' })
        : line,
    );
  }, lines);
  const alike = order.lines.some((line) => lines.some((own) => isSameProduct(own, line)));
  // Of sources that share no product it cannot be told whether they call one product by two names.
  const adds = money && (scope === 'whole' ? teller.scope === 'whole' && alike : scope === 'part');
  if (adds) known = [...known, ...order.lines.filter((line) => !lines.some((own) => isSameProduct(own, line)))];
  return known;
}

/** What one knows of a line, and what another knows beside it. Of what came back a platform tells in claims of its own. */
function withTold(line: OrderLine, other: OrderLine, told: { readonly money: boolean; readonly returns: boolean }): OrderLine {
  return {
    ...line,
    platformSku: line.platformSku ?? other.platformSku,
    image: line.image ?? other.image,
    category: line.category ?? other.category,
    // A name and its variant are one telling: those of two sources may be cut otherwise.
    ...(line.productName === null ? { productName: other.productName, variant: other.variant } : {}),
    parts: line.parts.length > 0 ? line.parts : other.parts,
    ...(told.returns
      ? {
          returnedQuantity: line.returnedQuantity ?? other.returnedQuantity,
          refundAmount: line.refundAmount ?? (told.money ? other.refundAmount : null),
        }
      : {}),
    ...(told.money && line.quantity === other.quantity
      ? {
          grossSales: line.grossSales ?? other.grossSales,
          netSales: line.netSales ?? other.netSales,
          paidAmount: line.paidAmount ?? other.paidAmount,
          taxAmount: line.taxAmount ?? other.taxAmount,
        }
      : {}),
  };
}

/** What is known of the whole order, and where it is not, what another knows. */
function withFacts(order: Order, other: Order): Order {
  const money = sameMoney(order, other);
  const placed = isTold(order) || !isTold(other) ? order : other;
  return {
    ...order,
    place: placed.place,
    writtenPlace: placed.writtenPlace,
    buyer: order.buyer ?? other.buyer,
    paidAt: order.paidAt ?? other.paidAt,
    currency: order.currency ?? other.currency,
    shippingProvider: order.shippingProvider ?? other.shippingProvider,
    ...(money ? { totalAmount: order.totalAmount ?? other.totalAmount, shippingFee: order.shippingFee ?? other.shippingFee } : {}),
  };
}

/** Whether it is known where an order goes. */
export function isTold({ place: { country, region, city } }: Pick<Order, 'place'>): boolean {
  return country !== null || region !== null || city !== null;
}

/** The newest state; parcels and what waits only ever bring one further. */
function stateOfOrder(tellings: readonly Telling[]): State {
  const newest = newestOf(tellings);
  const further = raisedBy(tellings, newest)
    .filter(({ order }) => howFar(order) > howFar(newest.order))
    .toSorted((a, b) => howFar(b.order) - howFar(a.order));
  const { status, outcome, platformStatus } = (further[0] ?? newest).order;
  return { status, outcome, platformStatus };
}

function stateOfLine(line: OrderLine, tellings: readonly Telling[]): State {
  const newest = newestOf(tellings);
  const told = stateIn(newest, line);
  const further = raisedBy(tellings, newest).flatMap(({ order }) =>
    order.lines.filter((other) => isSameProduct(other, line) && howFar(other) > howFar(told)),
  );
  const { status, outcome, platformStatus } = further.toSorted((a, b) => howFar(b) - howFar(a))[0] ?? told;
  return { status, outcome, platformStatus };
}

/** What a source says became of a line: of that very line, of its product where all of it became the same, else nothing. */
function stateIn({ order }: Telling, line: OrderLine): State {
  const same = order.lines.filter((other) => isSameProduct(other, line));
  const own = same.find(({ lineId }) => lineId === line.lineId);
  if (own) return own;
  if (same.length === 0) return order.status === 'cancelled' ? order : line;
  return same.every(({ status, outcome }) => status === same[0]!.status && outcome === same[0]!.outcome) ? same[0]! : line;
}

function newestOf(tellings: readonly Telling[]): Telling {
  const whole = tellings.filter(({ teller }) => teller.scope !== 'part');
  return (whole.length > 0 ? whole : tellings).toSorted(byState)[0]!;
}

function raisedBy(tellings: readonly Telling[], newest: Telling): Telling[] {
  return tellings.filter(
    (each) =>
      each !== newest && each.teller.scope === 'part' && Temporal.Instant.compare(each.order.updatedAt, newest.order.updatedAt) >= 0,
  );
}

function byProduct(lines: readonly OrderLine[]): OrderLine[][] {
  const products: OrderLine[][] = [];
  for (const line of lines) {
    const known = products.find(([first]) => isSameProduct(first!, line));
    if (known) known.push(line);
    else products.push([line]);
  }
  return products;
}

function isSameProduct(a: OrderLine, b: OrderLine): boolean {
  return a.sku === b.sku || (a.platformSku !== null && a.platformSku === b.platformSku);
}

/** Whether a line has no id of the platform's own. */
function isNamedByProduct({ lineId, sku }: OrderLine): boolean {
  return lineId.startsWith(`${sku}#`);
}

function sameMoney(a: Order, b: Order): boolean {
  return a.currency === null || b.currency === null || a.currency === b.currency;
}

function piecesOf(lines: readonly OrderLine[]): number {
  return lines.reduce((sum, { quantity }) => sum + quantity, 0);
}

/** How many pieces an order has, sold or not. */
export function piecesIn({ lines }: Order): number {
  return piecesOf(lines);
}

function shown(order: Order): string {
  return JSON.stringify(order, (_name, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
}
