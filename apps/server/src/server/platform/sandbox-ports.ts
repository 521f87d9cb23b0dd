import type { Functions } from '#faas/functions'
import type { Logger } from '#base/kernel'
import type { SandboxPorts } from '#faas/sandbox'
import { limitsOf, type Surroundings } from '#faas/function-config'

/** What functions may ask of the platform. */
export function sandboxPorts(
  functions: () => Functions,
  surroundings: () => Surroundings,
  platformCall: SandboxPorts['platformCall'],
  logger: Logger,
): SandboxPorts {
  return {
    allowed: (accountId, host) => surroundings().room.allowlist.allows(accountId, host),
    outgoingPerSecond: async (accountId) =>
      (await limitsOf(surroundings().room, accountId)).outboundRequestsPerSecond,
    readSecret: (accountId, functionId, key) =>
      surroundings().secrets.read(accountId, functionId, key),
    updateSecret: (accountId, functionId, key, value) =>
      surroundings().secrets.update(accountId, functionId, key, value),
    platformCall,
    blocked(accountId, functionId, host, port, why, calledFrom) {
      logger.debug({ accountId, functionId, host, port, why }, 'Refused an outgoing call')
      functions().refused({ accountId, functionId, host, port, why, calledFrom })
    },
  }
}
