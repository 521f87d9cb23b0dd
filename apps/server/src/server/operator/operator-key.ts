import { hash } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { type Accounts, bearerOf } from '#identity/accounts'
import { isSameSecret } from '#base/kit'
import type { Admit, Http, Principal } from '#base/http'
import { ParleyError } from '#base/kernel'

/** Who acts, for the audit of accounts. */
export const OPERATOR = 'operator'

const digestOf = (text: string): string => hash('sha256', text)

/**
 * Lets in who has the operator's key: `Authorization: Bearer <key>`. Digests are compared, so that neither its characters nor
 * its length show in the time. Wrong keys are limited like log-ins, by the address that sends them.
 */
export function admitOperator(
  http: Http,
  accounts: Pick<Accounts, 'openAttempt'>,
  key: string,
): Admit<Principal> {
  const expected = digestOf(key)
  const operator: Principal = {
    accountId: '',
    kind: 'app',
    id: OPERATOR,
    name: OPERATOR,
    via: `operator-key:${expected.slice(0, 8)}`,
    permissions: new Set(),
    scopes: new Set(),
  }
  return async (request: FastifyRequest) => {
    const given = bearerOf(request.headers.authorization ?? '')
    using attempt = await accounts.openAttempt({
      // No account and no user has an empty name.
      accountId: '',
      name: '',
      address: http.clientAddress(request.raw),
      isRandom: true,
    })
    attempt.check()
    if (given !== undefined && isSameSecret(digestOf(given), expected)) return operator
    attempt.failed()
    throw new ParleyError('unauthorized', 'The key of the operator is missing or wrong')
  }
}
