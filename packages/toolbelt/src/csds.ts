import { codeOf, ErrorCodes, InternalError, messageOf } from './errors.ts'
import type { ToolbeltHost } from './host.ts'

const KEPT_MS = 600_000

export interface Csds {
  /** @throws `InternalError` with `ErrorCodes.Csds.NotFound` or `.Failure` */
  hostOf(service: string): Promise<string>
}

/** The look-up of services, shared by all clients of an instance. */
export function createCsds(host: ToolbeltHost): Csds {
  const known = new Map<string, { domain: string; at: number }>()
  return {
    async hostOf(service) {
      if (typeof service !== 'string' || service === '') throw notFound(service)
      const kept = known.get(service)
      if (kept && performance.now() - kept.at < KEPT_MS) return kept.domain
      const domain = await lookUp(host, service)
      known.set(service, { domain, at: performance.now() })
      return domain
    },
  }
}

function notFound(service: string): InternalError {
  return new InternalError(ErrorCodes.Csds.NotFound, `Service "${service}" could not be found.`)
}

async function lookUp(host: ToolbeltHost, service: string): Promise<string> {
  let answer: unknown
  try {
    answer = await host.call('csds.domain', { service })
  } catch (error) {
    if (codeOf(error) === 'not_found') throw notFound(service)
    throw new InternalError(
      ErrorCodes.Csds.Failure,
      `The service look-up failed: ${messageOf(error)}`,
    )
  }
  return (answer as { host: string }).host
}
