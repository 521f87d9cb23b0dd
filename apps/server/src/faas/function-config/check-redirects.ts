import { isIP } from 'node:net'
import { callbackify } from 'node:util'
import { Agent, request } from 'undici'
import { messageOf, ParleyError } from '#base/kernel'
import { isPublicAddress } from '#base/http'
import type { Address } from '#faas/egress'
import type { FunctionConfigDeps } from './deps.ts'

const MAX_HOPS = 10
const PATIENCE_MS = 5_000

interface Hop {
  url: string
  host: string
  allowed: boolean
  status?: number
}

/** Follows a URL's redirects as a function's call would, to find every host of the chain. */
export async function checkRedirects(deps: FunctionConfigDeps, accountId: string, first: string) {
  const chain: Hop[] = []
  let stopped: string | undefined
  const agent = publicOnly(deps, accountId)
  await using opened = new AsyncDisposableStack()
  opened.defer(() => agent.destroy())
  for (let url: URL | undefined = new URL(first); url;) {
    const host = url.hostname
    const hop: Hop = {
      url: url.href,
      host,
      allowed: await deps.allowedHosts.allows(accountId, host),
    }
    chain.push(hop)
    if (chain.length > MAX_HOPS) {
      stopped = `More than ${MAX_HOPS} redirects`
      break
    }
    try {
      const { status, location } = await ask(agent, url)
      hop.status = status
      url = nextUrl(location, url)
    } catch (error) {
      stopped = messageOf(error)
      break
    }
  }
  const missing = [...new Set(chain.filter(({ allowed }) => !allowed).map(({ host }) => host))]
  return { chain, missing, ...(stopped !== undefined && { stopped }) }
}

/** Refuses addresses of the server's own network, whatever name resolves to them. */
function publicOnly({ resolver }: FunctionConfigDeps, accountId: string): Agent {
  async function findPublic(host: string): Promise<Address[]> {
    const addresses = await resolver.resolve(accountId, host)
    if (addresses.every(({ address }) => isPublicAddress(address))) return addresses
    throw new ParleyError('forbidden', `${host} is a private or local target`)
  }
  const find = callbackify(findPublic)
  return new Agent({
    connect: {
      timeout: PATIENCE_MS,
      autoSelectFamily: true,
      lookup: (host, _options, done) => find(host, (error, found) => done(error, found ?? [])),
    },
  })
}

async function ask(dispatcher: Agent, url: URL) {
  const literal = url.hostname.replace(/^\[|\]$/g, '')
  if (isIP(literal) !== 0 && !isPublicAddress(literal)) {
    throw new ParleyError('forbidden', `${literal} is a private or local target`)
  }
  const { statusCode, headers, body } = await request(url, {
    dispatcher,
    headersTimeout: PATIENCE_MS,
    bodyTimeout: PATIENCE_MS,
  })
  body.destroy()
  return { status: statusCode, location: statusCode >= 300 ? headers['location'] : undefined }
}

function nextUrl(location: string | string[] | undefined, from: URL): URL | undefined {
  if (typeof location !== 'string') return undefined
  const next = URL.canParse(location, from.href) ? new URL(location, from.href) : undefined
  return next && /^https?:$/.test(next.protocol) ? next : undefined
}
