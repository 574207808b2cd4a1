/** The rows of a CSV text, by a splitter of the tests' own: nothing of the product is used. */
export function cutCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (let at = 0; at < text.length; at++) {
    let cell = '';
    if (text[at] === '"') {
      const from = at + 1;
      for (at = from; text[at] !== '"' || text[at + 1] === '"'; at++) if (text[at] === '"') at += 1;
      cell = text.slice(from, at).replaceAll('""', '"');
      at += 1;
    } else {
      const from = at;
      while (at < text.length && text[at] !== ',' && text[at] !== '\n') at += 1;
      cell = text.slice(from, at).replace(/\r$/, '');
    }
    row.push(cell);
    if (text[at] === '\r') at += 1;
    if (text[at] === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}

/** An amount as whole ten-thousandths. */
export function tenThousandths(text: string): number {
  const [whole, fraction = ''] = text.replace('-', '').split('.') as [string, string?];
  return (Number(whole) * 10_000 + Number(fraction.padEnd(4, '0'))) * (text.startsWith('-') ? -1 : 1);
}

/** Whole ten-thousandths as an answer shows them: rounded half-up, two digits. */
export function inCents(sum: number): number {
  return Math.floor((sum + 50) / 100) / 100;
}
