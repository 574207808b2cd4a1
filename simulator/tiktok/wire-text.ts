/**
 * Pieces of JSON text, each with the comma that follows it. An order is put together as text because making objects and
 * turning them into text takes three times as long; nothing in the world's lists needs escaping, and a test parses them all.
 */
export function textField(name: string, value: string | undefined): string {
  return value === undefined ? '' : `"${name}":"${value}",`;
}

/** A number or true/false with its name and comma; nothing where there is none. */
export function plainField(name: string, value: number | boolean | undefined): string {
  return value === undefined ? '' : `"${name}":${value},`;
}

/** An amount in minor units as TikTok writes it: a decimal without padding, `21.3`, `12`. */
export function amountText(minor: number): string {
  const whole = Math.floor(minor / 100);
  const cents = minor % 100;
  if (cents === 0) return String(whole);
  return cents % 10 === 0 ? `${whole}.${cents / 10}` : `${whole}.${cents < 10 ? '0' : ''}${cents}`;
}

/** 9.5 percent is the rate 0.095. */
export function rateText(percent: number): string {
  return String(Math.round(percent * 1000) / 100_000);
}
