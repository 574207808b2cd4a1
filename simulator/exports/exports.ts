import { amazonFile } from './amazon-file.ts';
import { pressedAt } from './calendar.ts';
import { sheinFile } from './shein-file.ts';
import type { ExampleFile } from './world.ts';

/** A year of orders up to this moment, as the seller centres of the platforms that are not simulated export it. */
export async function exportsAt(now: Temporal.Instant): Promise<{ readonly Amazon: ExampleFile; readonly Shein: ExampleFile }> {
  const pressed = pressedAt(now);
  return { Amazon: amazonFile(pressed), Shein: await sheinFile(pressed) };
}
