import type { Base } from '#base/store'
import type { InternalListener } from '#faas/egress'
import type { FunctionConfig } from '#faas/function-config'
import type { CallerTokens } from '#faas/invocations'
import type { SandboxPorts } from '#faas/sandbox'
import { openPlatformCalls } from './platform-calls.ts'

type PlatformDeps = Pick<Base, 'logger' | 'monotonic'> & {
  functionConfig: Pick<FunctionConfig, 'allowlist' | 'blockedCalls' | 'limitsOf' | 'secrets'>
  /** This node's TLS listener for functions, once it listens. */
  listener(): InternalListener | undefined
  callerTokens: Pick<CallerTokens, 'tokenOf'>
}

/** What functions may ask of this server, and what the sandbox reports about them. */
export function openPlatform({
  callerTokens,
  functionConfig,
  listener,
  logger,
  monotonic,
}: PlatformDeps): SandboxPorts & AsyncDisposable {
  const { allowlist, blockedCalls, limitsOf, secrets } = functionConfig
  const calls = openPlatformCalls({ monotonic, functionConfig, callerTokens }, listener)
  return {
    internal: listener,
    allowed: allowlist.allows,
    outgoingPerSecond: async (accountId) => (await limitsOf(accountId)).outboundRequestsPerSecond,
    readSecret: secrets.read,
    peekSecret: secrets.peek,
    updateSecret: secrets.update,
    platformCall: calls.answer,
    refused({ calledFrom, ...call }) {
      const shown = secrets.maskOf(call.accountId).value({ ...call, calledFrom })
      logger.debug(shown, 'Refused an outgoing call')
      blockedCalls.add({ ...call, calledFrom })
    },
    [Symbol.asyncDispose]: () => calls[Symbol.asyncDispose](),
  }
}
