/** Every currency that is money today: ISO 4217 codes. */
export const CURRENCIES: readonly string[] = Intl.supportedValuesOf('currency');

const NAMES = new Intl.DisplayNames('en', { type: 'currency', fallback: 'none' });

/** Whether a text is the ISO 4217 code of a currency, of today or of before: orders keep theirs. */
export function isCurrency(text: string): boolean {
  return /^[A-Z]{3}$/.test(text) && NAMES.of(text) !== undefined;
}

/** A code as people write it, as the standard does: `eur` is `EUR`, and what they call `RMB` is `CNY`. */
export function currencyCode(text: string): string {
  const code = text.trim().toUpperCase();
  return code === 'RMB' ? 'CNY' : code;
}
