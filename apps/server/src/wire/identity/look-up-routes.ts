import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Http, OWN_HOST, route, type RouteCall } from '#base/http'
import { ParleyError } from '#base/kernel'
import { type AskedHost, publicHost, readHost } from './asked-host.ts'
import type { Deps } from './deps.ts'
import { serviceEntries, type ServiceEntry } from './services.ts'
import * as specs from './specs.ts'

/** The host of every service for functions in the sandbox. */
const INTERNAL: AskedHost = { host: OWN_HOST, port: undefined }

/** The published service look-up: one server plays all services. */
export function lookUpRoutes(http: Http, { accounts, settings, tlsPort, publicUrl }: Deps): void {
  async function entries(accountId: string, request: FastifyRequest): Promise<ServiceEntry[]> {
    await accounts.getAccount(accountId)
    const asked = http.isInternal(request.raw)
      ? INTERNAL
      : readHost(request.headers.host, request.protocol === 'https')
    if (!asked) throw new ParleyError('invalid_request', 'The Host header is not a host')
    const { dialect } = await settings.get(accountId)
    const known = publicHost(publicUrl, asked)
    return serviceEntries(accountId, known ?? asked, {
      tlsPort: known ? Number(known.port ?? 443) : tlsPort(),
      dialect,
    })
  }

  for (const spec of [specs.lookUpServices, specs.lookUpServicesPlain]) {
    route(http.app, spec, async ({ params, request, reply }: RouteCall<typeof spec>) => {
      openToPages(reply)
      return { baseURIs: await entries(params.accountId, request) }
    })
  }
  for (const spec of [specs.lookUpService, specs.lookUpServicePlain]) {
    route(http.app, spec, async ({ params, request, reply }: RouteCall<typeof spec>) => {
      openToPages(reply)
      const found = (await entries(params.accountId, request)).find(
        ({ service }) => service === params.service,
      )
      if (!found) throw new ParleyError('not_found', `There is no service "${params.service}"`)
      return found
    })
  }
}

/** Lets pages of any site read the answer, which is the same for every caller. */
export function openToPages(reply: FastifyReply): void {
  reply.header('access-control-allow-origin', '*')
}
