import type { Incoming, Reply } from '../exchange.ts';
import { htmlReply } from '../exchange.ts';
import { answerConsent, answerDecision } from './consent.ts';
import { requestIdOf } from './envelope.ts';
import { Gateway, type GatewayGround } from './gateway.ts';
import { answerToken } from './token-endpoints.ts';

const BROKEN_OFF: Reply = { status: 0, headers: {}, body: '', destroy: true };

/** TikTok's three hosts in one: consent pages, token endpoints and the signed API; their paths do not clash. */
export class TikTok {
  readonly #ground: GatewayGround;
  readonly #gateway: Gateway;
  #requests = 0;

  constructor(ground: GatewayGround) {
    this.#ground = ground;
    this.#gateway = new Gateway(ground);
  }

  /** How far the platform's world has gone on before the clock. */
  get secondsAhead(): number {
    return this.#gateway.secondsAhead;
  }

  answer(request: Incoming, now: Temporal.Instant): Reply {
    const { apps, access, faults, dice } = this.#ground;
    const requestId = requestIdOf(now, this.#requests++);
    const context = { apps, access, now: Math.floor(now.epochMilliseconds / 1000), requestId };
    if (request.path === '/open/authorize') return answerConsent(request, context);
    if (request.path === '/open/authorize/decide') return answerDecision(request, context);
    if (dice.chance(faults.reset)) return BROKEN_OFF;
    if (dice.chance(faults.unavailable))
      return htmlReply(503, '<html><head><title>503 Service Temporarily Unavailable</title></head><body></body></html>');
    const isToken = request.method === 'GET' && (request.path === '/api/v2/token/get' || request.path === '/api/v2/token/refresh');
    const reply = isToken ? answerToken(request, context) : this.#gateway.answer(request, { now, requestId });
    return dice.chance(faults.lostAnswer) ? BROKEN_OFF : reply;
  }
}
