/** A refusal of Login with Amazon, which has an envelope of its own. */
export class LwaRefusal extends Error {
  readonly status: number;
  readonly error: string;

  constructor(status: number, error: string, description: string) {
    super(description);
    this.status = status;
    this.error = error;
  }
}

/** A code or refresh token that is none, is over, or was withdrawn: nobody tells which. */
export function invalidGrant(parameter: 'code' | 'refresh_token'): LwaRefusal {
  return new LwaRefusal(
    400,
    'invalid_grant',
    `The request has an invalid grant parameter : ${parameter}. User may have revoked or didn't grant the permission.`,
  );
}
