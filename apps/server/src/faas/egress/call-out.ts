import { request as requestInClear, type IncomingMessage, type RequestOptions } from 'node:http'
import { request } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { messageOf } from '#base/kernel'
import type { Base } from '#base/store'
import { decideEgress, type EgressRules } from './decide.ts'
import type { Address, Resolver } from './resolver.ts'

/** What calls of this server itself need: to programs whose address somebody of the account has set. */
export interface CallOutDeps extends Pick<Base, 'monotonic'> {
  resolver: Resolver
  /** Private targets that the operator allows, as `host:port`. */
  egressPrivate: readonly string[]
}

export interface OutgoingCall {
  method: string
  url: URL
  headers: Record<string, string>
  body?: string | undefined
  /** From the look-up to the last byte that is read of the answer. */
  patienceMs: number
  /** Of the answer's body; absent: only its status counts, and the body is not read. */
  maxBytes?: number
}

export interface OutgoingAnswer {
  status: number
  /** The body, in the encoding that its type names or else UTF-8. @throws an `Error` where nobody knows that one */
  text: () => string
}

/**
 * Calls a program outside for an account. The egress rules decide where the call may lead, each time; it goes to the checked
 * addresses, in clear only to what the operator allows, and redirects are not followed.
 * @throws an `Error` that names the host and what went wrong, whatever the other side does
 */
export async function callOut(
  deps: CallOutDeps,
  accountId: string,
  { method, url, headers, body, patienceMs, maxBytes }: OutgoingCall,
): Promise<OutgoingAnswer> {
  const startedAt = deps.monotonic.now()
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const isClear = url.protocol === 'http:'
  const named = Number(url.port) || (isClear ? 80 : 443)
  const rules = rulesOf(deps, accountId)
  if (isClear && !rules.privateTargets.includes(`${host}:${named}`)) {
    throw new Error(`${host}: must be called by https`)
  }
  const decision = await decideEgress(rules, accountId, host, named)
  if ('refuse' in decision) throw new Error(`${host}: ${decision.refuse.reason}`)
  const { addresses, port } = decision.dial
  const options: RequestOptions & { autoSelectFamily: boolean; servername?: string } = {
    method,
    host,
    port,
    path: `${url.pathname}${url.search}`,
    headers: {
      ...headers,
      ...(body !== undefined && { 'content-length': String(Buffer.byteLength(body)) }),
    },
    // A connection of its own: it leads to the addresses that were checked for this call.
    agent: false,
    lookup: lookupOf(addresses),
    autoSelectFamily: true,
    ...(isIP(host) === 0 && { servername: host }),
  }
  const { promise, resolve, reject } = Promise.withResolvers<OutgoingAnswer>()
  let hasBegun = false
  const call = (isClear ? requestInClear : request)(options, (answer) => {
    hasBegun = true
    if (maxBytes === undefined) {
      resolve({ status: answer.statusCode ?? 0, text: () => '' })
      return void answer.destroy()
    }
    readAll(answer, maxBytes).then(
      (body) =>
        resolve({
          status: answer.statusCode ?? 0,
          text: () => decoded(body, answer.headers['content-type']),
        }),
      (cause: unknown) => {
        // Once an answer has begun, ending the call tells nobody.
        reject(new Error(`${host}: ${messageOf(cause)}`, { cause }))
        call.destroy()
      },
    )
  })
  const leftMs = Math.max(1, patienceMs - (deps.monotonic.now() - startedAt))
  using _ = deps.monotonic.after(leftMs, () => {
    call.destroy(new Error(`no whole answer within ${patienceMs / 1000} s`))
  })
  call.on('error', (cause) => reject(new Error(`${host}: ${cause.message}`, { cause })))
  // Nothing else tells of an answer that switches to another protocol.
  call.on('close', () => {
    if (!hasBegun) reject(new Error(`${host}: the connection was closed without an answer`))
  })
  call.end(body)
  return await promise
}

async function readAll(answer: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > maxBytes) throw new Error(`the answer has more than ${maxBytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** Without the byte order mark that some programs put in front. What the encoding does not have is read as `\uFFFD`. */
function decoded(body: Buffer, type = ''): string {
  const [, charset = 'utf-8'] = /\bcharset="?([^\s";]+)/i.exec(type) ?? []
  let decoder
  try {
    decoder = new TextDecoder(charset)
  } catch (cause) {
    throw new Error(`The answer is in "${charset}", which is no known encoding`, { cause })
  }
  return decoder.decode(body)
}

function rulesOf({ resolver, egressPrivate }: CallOutDeps, accountId: string): EgressRules {
  return {
    // An administrator of the account has set the address.
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
