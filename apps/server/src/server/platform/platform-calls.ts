import * as z from 'zod'
import { OWN_HOST } from '#base/http'
import { ParleyError } from '#base/kernel'
import type { Base } from '#base/store'
import type { InternalListener } from '#faas/egress'
import type { FunctionConfig } from '#faas/function-config'
import type { CallerTokens } from '#faas/invocations'
import type { SandboxPorts } from '#faas/sandbox'
import { isService } from '#wire/identity'
import { InternalRequest, openInternalRequests } from './internal-requests.ts'

interface Configured {
  functionConfig: Pick<FunctionConfig, 'secrets'>
  callerTokens: Pick<CallerTokens, 'tokenOf'>
}

const Domain = z.object({ service: z.string().max(100) })

/** Answers what the toolbelt asks of the platform; the kinds are listed in `packages/toolbelt/PLATFORM-CALLS.md`. */
export function openPlatformCalls(
  { monotonic, functionConfig, callerTokens }: Pick<Base, 'monotonic'> & Configured,
  listener: () => InternalListener | undefined,
): AsyncDisposable & { answer: SandboxPorts['platformCall'] } {
  const { secrets } = functionConfig
  const requests = openInternalRequests({ monotonic, callerTokens }, listener)
  return {
    async answer(accountId, functionId, kind, args, signal, conversationId) {
      switch (kind) {
        case 'csds.domain': {
          const { service } = parse(Domain, args)
          if (isService(service)) return { host: OWN_HOST }
          throw new ParleyError('not_found', `There is no service "${service}"`)
        }
        case 'secret.used':
          return secrets.usedBy(accountId, functionId)
        case 'caller.token':
          return callerTokens.tokenOf({ accountId, conversationId })
        case 'internal.request':
          return requests.send({ accountId, conversationId }, parse(InternalRequest, args), signal)
        default:
          throw new ParleyError('invalid_request', `The platform does not know "${kind}"`)
      }
    },
    [Symbol.asyncDispose]: () => requests[Symbol.asyncDispose](),
  }
}

function parse<T>(schema: z.ZodType<T>, args: unknown): T {
  const read = schema.safeParse(args)
  if (read.success) return read.data
  throw new ParleyError('invalid_request', z.prettifyError(read.error))
}
