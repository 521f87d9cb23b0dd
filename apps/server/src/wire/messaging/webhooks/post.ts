import { request as requestInClear, type RequestOptions } from 'node:http'
import { request } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { type Address, decideEgress, type EgressRules } from '#faas/egress'
import type { Deps } from './deps.ts'

/** From the look-up to the status, as published. */
const PATIENCE_MS = 10_000

/**
 * Posts a notification. The egress rules decide where it may lead, at each call; redirects are not followed.
 * @throws an `Error` that names the host and what went wrong, unless the end point answers with a status of success
 */
export async function postNotification(
  deps: Pick<Deps, 'resolver' | 'monotonic' | 'egressPrivate'>,
  accountId: string,
  address: string,
  { headers, payload }: { headers: Record<string, string>; payload: string },
): Promise<void> {
  const url = new URL(address)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const isClear = url.protocol === 'http:'
  const named = Number(url.port) || (isClear ? 80 : 443)
  const rules = rulesOf(deps, accountId)
  if (isClear && !rules.privateTargets.includes(`${host}:${named}`)) {
    throw new Error(`${host}: a webhook must be called by https`)
  }
  const decision = await decideEgress(rules, accountId, host, named)
  if ('refuse' in decision) throw new Error(`${host}: ${decision.refuse.reason}`)
  const { addresses, port } = decision.dial
  const status = await post(deps, isClear, payload, {
    method: 'POST',
    host,
    port,
    path: `${url.pathname}${url.search}`,
    headers: {
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(payload),
      ...headers,
    },
    // A connection of its own: it leads to the addresses that were checked for this call.
    agent: false,
    lookup: lookupOf(addresses),
    autoSelectFamily: true,
    ...(isIP(host) === 0 && { servername: host }),
  } as RequestOptions)
  if (status < 200 || status > 299) throw new Error(`${host}: the end point answered ${status}`)
}

function rulesOf(
  { resolver, egressPrivate }: Pick<Deps, 'resolver' | 'egressPrivate'>,
  accountId: string,
): EgressRules {
  return {
    // The administrator of the account has set the address.
    allowed: () => true,
    privateTargets: egressPrivate,
    // No call of this server to itself.
    internal: () => undefined,
    lookup: (host, of) => resolver.resolve(accountId, host, of),
  }
}

function lookupOf(addresses: readonly Address[]): LookupFunction {
  return (_host, options, done) => {
    const [first] = addresses
    if (options.all) done(null, [...addresses])
    else done(null, first?.address ?? '', first?.family)
  }
}

/** The status of the answer. What it says is not read. */
async function post(
  { monotonic }: Pick<Deps, 'monotonic'>,
  isClear: boolean,
  payload: string,
  options: RequestOptions,
): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const call = (isClear ? requestInClear : request)(options, (answer) => {
    resolve(answer.statusCode ?? 0)
    answer.destroy()
  })
  const late = () => call.destroy(new Error(`no answer within ${PATIENCE_MS / 1000} s`))
  using _ = monotonic.after(PATIENCE_MS, late)
  call.on('error', (error) =>
    reject(new Error(`${options.host}: ${error.message}`, { cause: error })),
  )
  call.end(payload)
  return await promise
}
