type Json = Readonly<Record<string, unknown>>;

/** An OpenAPI document with everything written out where it is referred to. */
export function writtenOut(document: Json): any {
  const at = (ref: string): unknown =>
    ref
      .slice('#/'.length)
      .split('/')
      .reduce((part, name) => (part as Json)[name] ?? missing(ref), document as unknown);
  const fill = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(fill);
    if (typeof part !== 'object' || part === null) return part;
    const { $ref, ...rest } = part as { $ref?: string };
    const filled = Object.fromEntries(Object.entries(rest).map(([name, each]) => [name, fill(each)]));
    return $ref === undefined ? filled : { ...(fill(at($ref)) as Json), ...filled };
  };
  return fill(document) as Json;
}

function missing(ref: string): never {
  throw new Error(`${ref} is nowhere`);
}
